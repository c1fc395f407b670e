/* A settings file as YAML: how it may be written, and what is said of one that is none, or that has other keys. */
#include "config_faults.h"
#include "settings.h"

#include <stdlib.h>

/* Flow or block, quoted or not, in any order, with a byte order mark, line ends of any system: all one. */
TEST(yaml_may_be_written_in_its_many_ways)
{
    static const char *const ways[] = {
        "{name: Ada's, currency: GBP, horizons: [30d, 1y], forecast: {season: off}}",
        "\"currency\": 'GBP'\n'name': \"Ada's\"\nhorizons:\n- 30d\n- '1y'\nforecast:\n  season: \"off\"\n",
        "# a comment\n---\nhorizons:\n    - 30d # soon\n    - 1y\nforecast:\n    season: off\n\nname: Ada's\n"
        "currency: GBP\n...\n",
        "\xEF\xBB\xBFname: Ada's\r\ncurrency: GBP\r\nhorizons: [30d,\r\n  1y]\r\nforecast: {season: off}\r\n",
        "name: Ada's\rcurrency: GBP\rhorizons: [30d, 1y]\rforecast: {season: off}\r",
        "%YAML 1.1\n---\nname: !!str Ada's\ncurrency: &c GBP\nhorizons: [30d, 1y]\nforecast:\n  ? season\n  "
        ": off\n",
        "name: >-\n  Ada's\ncurrency: |-\n  GBP\nhorizons: [30d, 1y,]\nforecast: {\"season\": \"o\\u0066f\"}",
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        ptn_config config = read_fine(ways[i]);
        CHECK_STR(config.name, "Ada's");
        CHECK_STR(config.currency, "GBP");
        CHECK_EQ_INT(config.horizon_count, 2);
        CHECK_STR(config.horizons[0].text, "30d");
        CHECK_EQ_INT(config.season, PTN_SEASON_OFF);
        ptn_config_free(&config);
    }
}

TEST(an_alias_stands_for_what_it_names)
{
    ptn_config config = read_fine("currency: GBP\ndiscount_rate: &rate 0.2\nmargin: *rate\n");
    CHECK(config.margin == 0.2);
    ptn_config_free(&config);
}

/* As in the mock-up of an error that all messages follow. */
TEST(an_unknown_key_is_shown_with_the_nearest_known_one)
{
    ptn_config config;
    ptn_problem problem;
    CHECK_EQ_INT(parse("name: shop\n\ncurency: GBP\n", &config, &problem), PATRON_EDATA);
    CHECK_STR(problem.code, "E102");
    CHECK_STR(problem.what, "unknown key \"curency\"");
    CHECK_STR(problem.where, "patron.yaml:3:1");
    CHECK_STR(problem.excerpt, "3 | curency: GBP\n    ^^^^^^^");
    CHECK_STR(problem.why, "not one of the 14 keys of patron.yaml");
    CHECK_STR(problem.fix, "did you mean \"currency\"?");
}

TEST(unknown_keys)
{
    check_fault(
        "colour: red\n", "E102", "1:1", "unknown key \"colour\"", "not one of the 14 keys of patron.yaml",
        "the keys are name, currency, as_of, horizons, discount_rate, discount_curve, margin, time_unit, "
        "duplicates, quarantine_limit, forecast, locale, attach, check");
    check_fault("Currency: GBP\n", "E102", "1:1", "", "", "did you mean \"currency\"?");
    check_fault("forecast: {saeson: on}\n", "E102", "1:12", "unknown key \"saeson\"",
                "not one of the 3 keys of forecast", "did you mean \"season\"?");
    check_fault("attach:\n  - name: a\n    tpye: sqlite\n", "E102", "3:5", "unknown key \"tpye\"",
                "not one of the 3 keys of an entry of attach", "did you mean \"type\"?");
    check_fault("discount_curve: [{untill: 1y}]\n", "E102", "1:19", "", "a stretch of discount_curve",
                "did you mean \"until\"?");
    check_fault("? [a]\n: b\n", "E103", "1:3", "a key must be a word", "this is a list", "");
    check_fault("{a: b}: c\n", "E103", "1:1", "a key must be a word", "this is a group of keys", "");
    check_fault("<<: {name: a}\n", "E102", "1:1", "unknown key \"<<\"", "", "");
    check_fault("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xC3\xA9\xC3\xA9: 1\n", "E102",
                "1:1", "unknown key \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\"", "",
                "");
}

TEST(what_a_file_says_does_not_depend_on_how_it_is_written)
{
    static const char *const looks[] = {"check", "locale", NULL};
    static const struct {
        const char *text;
        bool same;
    } files[] = {
        {"name: shop\ncurrency: GBP\nhorizons: [90d, 1y]\nforecast: {season: on}\n", true},
        {"# ours\nname: 'shop'   # and theirs\n\ncurrency: \"GBP\"\nhorizons:\n  - 90d\n  - 1y\nforecast:\n  season: on\n", true},
        {"locale: de_DE\nname: shop\ncheck: {total_within: 5%}\ncurrency: GBP\nhorizons: [90d, 1y]\nforecast: {season: on}\n", true},
        {"name: shop\ncurrency: GBP\nhorizons: [90d, 2y]\nforecast: {season: on}\n", false},
        {"name: shop\ncurrency: GBP\nhorizons: [90d1y]\nforecast: {season: on}\n", false},
        {"name: shop\ncurrency: GBP\nhorizons: [90d, 1y]\nforecast: {season: on}\nmargin: 0.4\n", false},
        {"name: shop\ncurrency: GBP\nhorizons: [90d, 1y]\n", false},
    };
    ptn_text first = {0};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        ptn_settings *file = NULL;
        ptn_problem problem = {0};
        ptn_text said = {0};
        CHECK_EQ_INT(ptn_settings_open(&file, files[i].text, strlen(files[i].text), "patron.yaml", &problem), PATRON_OK);
        ptn_settings_say(file, looks, i ? &said : &first);
        CHECK(first.length > 20);
        if (i)
            CHECK_EQ_INT(strcmp(ptn_text_str(&said), ptn_text_str(&first)) == 0, files[i].same);
        ptn_text_free(&said);
        ptn_settings_free(file);
    }
    ptn_text_free(&first);
}

TEST(keys_twice_missing_or_without_a_value)
{
    check_fault("name: a\ncurrency: GBP\nname: b\n", "E104", "3:1", "key \"name\" is given twice",
                "patron.yaml has it in line 1 already", "remove one of them");
    check_fault("forecast: {prior: weak, prior: none}\n", "E104", "1:25", "key \"prior\" is given twice",
                "forecast has it in line 1 already", "");
    check_fault("name: shop\n", "E107", "", "patron.yaml needs \"currency\"", "it has no default",
                "add  currency: GBP");
    check_fault("", "E107", "", "patron.yaml needs \"currency\"", "", "");
    check_fault("# nothing yet\n", "E107", "", "patron.yaml needs \"currency\"", "", "");
    check_fault("---\n", "E107", "", "patron.yaml needs \"currency\"", "", "");
    check_fault("attach:\n  - {name: a, type: sqlite}\n", "E107", "2:5", "an entry of attach needs \"dsn\"",
                "", "");
    check_fault("discount_curve: [{until: 1y}]\n", "E107", "1:18",
                "a stretch of discount_curve needs \"rate\"", "", "add  rate: 0.08");
    check_fault("currency:\n", "E103", "1:1", "currency has no value", "nothing stands behind its \":\"",
                "for example  currency: GBP");
    check_fault("currency: GBP\nas_of: ~\n", "E103", "2:1", "as_of has no value", "",
                "for example  as_of: 2011-12-09   or remove the line");
    check_fault("currency: GBP\nforecast:\nmargin: 0.3\n", "E103", "2:1", "forecast has no value", "", "");
}

TEST(values_of_the_wrong_shape)
{
    check_fault("- a\n- b\n", "E103", "1:1", "settings are lines of  key: value", "patron.yaml holds a list",
                "");
    check_fault("shop\n", "E103", "1:1", "settings are lines of  key: value",
                "patron.yaml holds a single value", "");
    check_fault("name: [a, b]\n", "E103", "1:7", "name cannot be a list", "expected a single value",
                "for example  name: shop");
    check_fault("currency: {a: b}\n", "E103", "1:11", "currency cannot be a group of keys", "", "");
    check_fault("forecast: auto\n", "E103", "1:11", "forecast cannot be \"auto\"",
                "expected a group with the keys models, season, prior", "");
    check_fault("forecast: [auto]\n", "E103", "1:11", "forecast cannot be a list", "", "");
    check_fault("attach: crm.db\n", "E103", "1:9", "attach cannot be \"crm.db\"",
                "expected a group with the keys name, type, dsn", "");
    check_fault("horizons: [[1y]]\n", "E103", "1:12", "horizons cannot be a list", "expected a single value",
                "");
    check_fault("horizons: []\n", "E103", "1:11", "horizons is an empty list", "expected 1 to 12 items", "");
    check_fault("horizons: [1d,2d,3d,4d,5d,6d,7d,8d,9d,10d,11d,12d,13d]\n", "E103", "1:11",
                "horizons is too long a list", "expected 1 to 12 items", "");
    check_fault("name: \"a\\0b\"\n", "E103", "1:7", "name has a line end, tab or control character in it",
                "expected one line of text", "");
    check_fault("name: |\n  a\n  b\n", "E103", "1:7", "name has a line end, tab or control character in it",
                "", "");
}

TEST(what_is_not_yaml_is_said_in_plain_words)
{
    check_fault("name: \"shop\ncurrency: GBP\n", "E101", "1:7", "a quote is opened and never closed",
                "the YAML reader says: found unexpected end of stream while scanning a quoted scalar",
                "close the quote");
    check_fault("currency: GBP\nname: 'it's'\n", "E101", "2:11", "", "", "");
    check_fault("name: a\nhorizons: [90d, 1y\ncurrency: GBP\n", "E101", "2:11",
                "a list [...] is not closed, or a comma is missing in it", "", "");
    check_fault("name: a\nforecast: {models: auto\n", "E101", "2:11",
                "a group {...} is not closed, or a comma is missing in it", "", "");
    check_fault("name: a\n  currency: GBP\n", "E101", "2:11", "a \":\" where no key can stand",
                "mapping values are not allowed in this context", "");
    check_fault("name: a: b\n", "E101", "1:8", "a \":\" where no key can stand", "", "");
    check_fault("  name: a\ncurrency: GBP\n", "E101", "2:1", "", "", "");
    check_fault("name: a\ncurrency GBP\nmargin: 0.3\n", "E101", "2:1", "a key without its \":\"", "",
                "write  key: value");
    check_fault("forecast:\n\tseason: on\n", "E101", "2:1", "a tab where YAML wants spaces",
                "found character that cannot start any token", "indent with spaces");
    check_fault("name: @home\n", "E101", "1:7", "a value cannot start with this sign", "",
                "put the value in quotes");
    check_fault("name: 100\nmargin: %5\n", "E101", "2:9", "a value cannot start with this sign", "", "");
    check_fault("name: \"C:\\data\"\n", "E101", "1:10",
                "a backslash in double quotes starts an escape, and this is none", "", "");
    check_fault("name: *shop\n", "E101", "1:7", "a * refers to an anchor that is not in the file", "", "");
    check_fault("name: !foo!bar x\n", "E101", "1:7", "a ! starts a tag that YAML does not know", "", "");
    check_fault("name: &a x\nlocale: &a y\n", "E101", "2:9", "an anchor (&name) is given twice", "", "");
    check_fault("name: - a\n", "E101", "1:7", "a list item where no list can stand", "", "");
    check_fault("horizons:\n  - 1y\n  90d\n", "E101", "3:3", "", "", "");
    check_fault("currency: GBP\n---\nname: b\n", "E101", "2:1", "a second document starts here",
                "patron.yaml is one document", "remove the line ---");
    check_fault("currency: GBP\n...\nname: b\n", "E101", "3:1", "text after the end of the settings", "", "");
    check_fault("[[[[[[", "E101", "1:7", "", "", "");
    check_fault("a: \"\\uD800\"", "E101", "1:7", "", "", "");
}

TEST(what_is_not_text_is_refused)
{
    static const struct {
        const char *text;
        size_t length;
        const char *where, *why;
    } cases[] = {
        {"name: a\ncur\0rency: GBP", 21, "patron.yaml:2:4", "byte 0x00 is a control character"},
        {"name: \x1B[31m", 11, "patron.yaml:1:7", "byte 0x1B is a control character"},
        {"name: Caf\xE9\n", 11, "patron.yaml:1:10", "byte 0xE9 is not part of a UTF-8 character"},
        {"name: \xC0\xAF\n", 9, "patron.yaml:1:7", "byte 0xC0 is not part of a UTF-8 character"},
        {"name: \xED\xA0\x80\n", 10, "patron.yaml:1:7", "byte 0xED is not part of a UTF-8 character"},
        {"name: \xF4\x90\x80\x80", 10, "patron.yaml:1:7", "byte 0xF4 is not part of a UTF-8 character"},
        {"name: \xE2\x82", 8, "patron.yaml:1:7", "byte 0xE2 is not part of a UTF-8 character"},
        {"\xFF\xFEn\0a\0", 6, "patron.yaml", "it is in UTF-16, as some editors call \"Unicode\""},
        {"\x89PNG\r\n\x1A\n", 8, "patron.yaml:1:1", "byte 0x89 is not part of a UTF-8 character"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ptn_config config;
        ptn_problem problem;
        CHECK_EQ_INT(ptn_config_parse(cases[i].text, cases[i].length, "patron.yaml", &config, &problem),
                     PATRON_EDATA);
        CHECK_STR(problem.code, "E106");
        CHECK_STR(problem.what, "patron.yaml is not a text file in UTF-8");
        CHECK_STR(problem.where, cases[i].where);
        CHECK_STR(problem.why, cases[i].why);
        CHECK_STR(problem.fix, "save the file as UTF-8");
    }
}

TEST(columns_count_characters_as_editors_do)
{
    check_fault("{name: \xC3\x89t\xC3\xA9 \xF0\x9F\x9B\x92, curency: GBP}", "E102", "1:15",
                "unknown key \"curency\"", "", "");
    /* YAML also ends a line at U+2028; no editor does */
    check_fault("name: a # x\xE2\x80\xA8y: 1\n", "E102", "1:13", "unknown key \"y\"", "", "");
    check_fault("\xEF\xBB\xBF"
                "curency: GBP\n",
                "E102", "1:1", "", "", "");
}

TEST(deep_or_endless_nesting_ends)
{
    char text[60000];
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ptn_config config;
    ptn_problem problem;
    CHECK_EQ_INT(parse(text, &config, &problem), PATRON_EDATA);
    CHECK_STR(problem.what, "more than 100 brackets are open here");
    CHECK_STR(problem.where, "patron.yaml:1:101");
    check_fault("forecast: &f {models: *f}\n", "E103", "1:11", "models cannot be a group of keys", "", "");
    check_fault("horizons: &h [*h]\n", "E103", "1:11", "horizons cannot be a list", "", "");
}
