#include "check.h"

#include "problem.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- problem ---- */

TEST(set_fills_status_code_and_what_and_clears_the_rest)
{
    ptn_problem problem;
    memset(&problem, 'x', sizeof problem);
    CHECK_EQ_INT(ptn_problem_set(&problem, PATRON_EDATA, "E102", "unknown key \"%s\"", "curency"),
                 PATRON_EDATA);
    CHECK_EQ_INT(problem.status, PATRON_EDATA);
    CHECK_STR(problem.code, "E102");
    CHECK_STR(problem.what, "unknown key \"curency\"");
    CHECK_STR(problem.where, "");
    CHECK_STR(problem.excerpt, "");
    CHECK_STR(problem.why, "");
    CHECK_STR(problem.so, "");
    CHECK_STR(problem.fix, "");
    CHECK_STR(problem.more, "");
}

TEST(each_part_is_written_to_its_own_field)
{
    ptn_problem problem;
    ptn_problem_set(&problem, PATRON_EDATA, "E211", "%d dates cannot be read", 37);
    ptn_problem_where(&problem, "data/orders.csv:%d", 213);
    ptn_problem_why(&problem, "there is no month %d", 13);
    ptn_problem_so(&problem, "%d of 1,194 rows", 37);
    ptn_problem_fix(&problem, "write %s", "%d/%m/%Y");
    ptn_problem_more(&problem, "patron help %s", "streams");
    CHECK_STR(problem.what, "37 dates cannot be read");
    CHECK_STR(problem.where, "data/orders.csv:213");
    CHECK_STR(problem.why, "there is no month 13");
    CHECK_STR(problem.so, "37 of 1,194 rows");
    CHECK_STR(problem.fix, "write %d/%m/%Y");
    CHECK_STR(problem.more, "patron help streams");
}

TEST(a_fault_may_be_told_in_the_words_of_the_one_it_replaces)
{
    ptn_problem problem;
    ptn_problem_set(&problem, PATRON_EIO, "E401", "the disk is full");
    ptn_problem_why(&problem, "no space");
    ptn_problem_set(&problem, PATRON_EIO, problem.code, "%s: %s", problem.what, problem.why);
    CHECK_STR(problem.code, "E401");
    CHECK_STR(problem.what, "the disk is full: no space");
    ptn_problem_why(&problem, "%s!", problem.what);
    CHECK_STR(problem.why, "the disk is full: no space!");
}

TEST(a_long_message_is_cut_between_characters)
{
    char text[2000];
    for (size_t lead = 500; lead < 520; lead++) {
        memset(text, 'a', lead);
        strcpy(text + lead,
               "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"); /* five euro signs */
        ptn_problem problem;
        ptn_problem_set(&problem, PATRON_EDATA, "E102", "%s", text);
        const size_t length = strlen(problem.what);
        CHECK(length < sizeof problem.what);
        CHECK(length <= lead || (length - lead) % 3 == 0);
        CHECK(length + 3 >= sizeof problem.what || length == lead + 15);
        CHECK(strncmp(problem.what, text, length) == 0);
    }
}

/* ---- excerpt ---- */

static void check_excerpt(const char *text, int line, int column, int width, const char *expected)
{
    ptn_problem problem;
    ptn_problem_set(&problem, PATRON_EDATA, "E102", "x");
    ptn_problem_excerpt(&problem, text, line, column, width);
    CHECK_STR(problem.excerpt, expected);
}

TEST(excerpt_points_at_the_word)
{
    const char *const text = "name: shop\n\ncurency: GBP\n";
    check_excerpt(text, 3, 1, 7, "3 | curency: GBP\n    ^^^^^^^");
    check_excerpt(text, 3, 10, 3, "3 | curency: GBP\n             ^^^");
    check_excerpt(text, 3, 10, 99, "3 | curency: GBP\n             ^^^");
    check_excerpt(text, 2, 1, 1, "2 | \n    ^");
    check_excerpt(text, 1, 11, 1, "1 | name: shop\n              ^"); /* just behind the end */
    check_excerpt(text, 1, 500, 0, "1 | name: shop\n              ^");
    check_excerpt(text, 5, 1, 1, "");
    check_excerpt(text, 0, 1, 1, "");
    check_excerpt("", 1, 1, 1, "1 | \n    ^");
}

TEST(excerpt_counts_lines_as_editors_do)
{
    check_excerpt("a\r\nb\r\nc", 3, 1, 1, "3 | c\n    ^");
    check_excerpt("a\rb\rc", 3, 1, 1, "3 | c\n    ^");
    check_excerpt("1\n2\n3\n4\n5\n6\n7\n8\n9\nten", 10, 1, 3, "10 | ten\n     ^^^");
}

TEST(excerpt_counts_characters_and_hides_control_ones)
{
    check_excerpt("\xC3\xA9t\xC3\xA9: x", 1, 6, 1, "1 | \xC3\xA9t\xC3\xA9: x\n         ^");
    check_excerpt("\tkey\x1B[31m", 1, 2, 3, "1 |  key [31m\n     ^^^");
}

TEST(excerpt_of_a_long_line_shows_what_is_around_the_caret)
{
    char text[3001];
    memset(text, '-', 3000);
    text[3000] = '\0';
    memcpy(text + 1499, "HERE", 4);
    ptn_problem problem;
    ptn_problem_set(&problem, PATRON_EDATA, "E102", "x");
    ptn_problem_excerpt(&problem, text, 1, 1500, 4);
    const char *const carets = strchr(problem.excerpt, '\n');
    const char *const here = strstr(problem.excerpt, "HERE");
    CHECK(carets && here);
    CHECK(carets - problem.excerpt < 120);
    CHECK_EQ_INT(strchr(carets, '^') - carets - 1, here - problem.excerpt);
    CHECK_STR(strchr(carets, '^'), "^^^^");
    CHECK(strncmp(problem.excerpt, "1 | ...-", 8) == 0);
    CHECK(strncmp(carets - 4, "-...", 4) == 0);
}

TEST(excerpt_of_bytes_that_are_not_utf8_stays_in_its_field)
{
    char text[9001];
    memset(text, 0xBF, 9000);
    text[9000] = '\0';
    ptn_problem problem;
    ptn_problem_set(&problem, PATRON_EDATA, "E102", "x");
    ptn_problem_excerpt(&problem, text, 1, 40, 4000);
    CHECK(strlen(problem.excerpt) < sizeof problem.excerpt);
    ptn_problem_excerpt(&problem, text, 1, 0, -1);
    CHECK(strlen(problem.excerpt) < sizeof problem.excerpt);
}

/* ---- nearest ---- */

TEST(nearest_finds_typing_errors)
{
    static const char *const names[] = {"currency", "name", "as_of", "horizons", "discount_rate", "margin"};
    const unsigned count = sizeof names / sizeof *names;
    CHECK_STR(ptn_nearest("curency", names, count), "currency");
    CHECK_STR(ptn_nearest("CURRENCY", names, count), "currency");
    CHECK_STR(ptn_nearest("nmae", names, count), "name");
    CHECK_STR(ptn_nearest("asof", names, count), "as_of");
    CHECK_STR(ptn_nearest("horizon", names, count), "horizons");
    CHECK_STR(ptn_nearest("discountrates", names, count), "discount_rate");
    CHECK_STR(ptn_nearest("colour", names, count), NULL);
    CHECK_STR(ptn_nearest("", names, count), NULL);
    CHECK_STR(ptn_nearest("x", names, count), NULL);
    CHECK_STR(ptn_nearest("name", names, 0), NULL);
}

/* Close is a distance of at most 1 + length / 4, and never more than 3. */
TEST(nearest_knows_what_is_too_far)
{
    static const char *const short_name[] = {"abc"};
    CHECK_STR(ptn_nearest("abd", short_name, 1), "abc");
    CHECK_STR(ptn_nearest("add", short_name, 1), NULL);
    static const char *const long_name[] = {"abcdefghijklmnop"};
    CHECK_STR(ptn_nearest("abcdefghijklmxyz", long_name, 1), "abcdefghijklmnop");
    CHECK_STR(ptn_nearest("abcdefghijklwxyz", long_name, 1), NULL);
}

TEST(nearest_takes_the_first_of_equals_and_the_closest_of_all)
{
    static const char *const names[] = {"cat", "car", "card"};
    CHECK_STR(ptn_nearest("caz", names, 3), "cat");
    CHECK_STR(ptn_nearest("crad", names, 3), "card");
}

TEST(nearest_of_a_very_long_word_is_nothing)
{
    char word[5000];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const names[] = {word, "aaa"};
    CHECK_STR(ptn_nearest(word, names, 2), NULL);
}

/* ---- text ---- */

TEST(text_grows_and_quotes)
{
    ptn_text text = {0};
    CHECK_STR(ptn_text_str(&text), "");
    ptn_text_add(&text, "SELECT ");
    ptn_text_add_ident(&text, "my \"own\" column");
    ptn_text_addn(&text, ", more", 2);
    ptn_text_add_literal(&text, "o'clock");
    ptn_text_add(&text, ", ");
    ptn_text_add_literal(&text, NULL);
    ptn_text_addf(&text, ", %d%s", 42, "");
    CHECK_STR(ptn_text_str(&text), "SELECT \"my \"\"own\"\" column\", 'o''clock', NULL, 42");
    CHECK_EQ_INT(text.length, strlen(text.data));
    CHECK(!text.failed);

    ptn_text_clear(&text);
    CHECK_STR(ptn_text_str(&text), "");
    ptn_text_add_ident(&text, "");
    CHECK_STR(ptn_text_str(&text), "\"\"");
    ptn_text_free(&text);
    ptn_text_free(&text);
    ptn_text_free(NULL);
}

TEST(a_shell_reads_a_word_as_it_was)
{
    static const char *const words[][2] = {
        {"shop", "shop"}, {"/home/ada/shop-2_b.c", "/home/ada/shop-2_b.c"}, {"my shop", "'my shop'"}, {"o'brien", "'o'\\''brien'"},
        {"'", "''\\'''"}, {"$HOME `id` \"x\"", "'$HOME `id` \"x\"'"}, {"~", "'~'"}, {"Läden", "Läden"}, {"", "''"}};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        ptn_text text = {0};
        ptn_text_add_shell_word(&text, words[i][0]);
        CHECK_STR(ptn_text_str(&text), words[i][1]);
        ptn_text_free(&text);
    }
}

TEST(text_of_many_pieces_is_whole)
{
    ptn_text text = {0};
    for (int i = 0; i < 10000; i++)
        ptn_text_addf(&text, "%04d", i);
    CHECK_EQ_INT(text.length, 40000);
    for (int i = 0; i < 10000; i++) {
        char expected[16];
        snprintf(expected, sizeof expected, "%04d", i);
        CHECK(memcmp(text.data + 4 * i, expected, 4) == 0);
    }
    ptn_text_free(&text);
}

TEST(text_that_cannot_grow_keeps_what_it_has)
{
    ptn_text text = {0};
    ptn_text_add(&text, "kept");
    ptn_text_addn(&text, "x", SIZE_MAX - 2);
    CHECK(text.failed);
    ptn_text_add(&text, "lost");
    ptn_text_addf(&text, "%d", 1);
    ptn_text_add_literal(&text, "lost");
    CHECK_STR(ptn_text_str(&text), "kept");
    ptn_text_free(&text);
}
