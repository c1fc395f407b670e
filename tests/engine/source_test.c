/* sources/NAME.sql as people write them, and as they should not. */
#include "check.h"
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char project[64];

static void make_project(void)
{
    snprintf(project, sizeof project, "/tmp/patron_source_XXXXXX");
    CHECK(mkdtemp(project) != NULL);
}

static void write_bytes(const char *name, const char *bytes, size_t length)
{
    char path[256];
    snprintf(path, sizeof path, "%s/sources", project);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/sources/%s", project, name);
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK(fwrite(bytes, 1, length, file) == length);
    fclose(file);
}

static void write_source(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static void remove_project(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", project);
    CHECK_EQ_INT(system(command), 0);
}

/* One source with this text; its SQL, or the code of the fault. */
static void check_sql(const char *text, const char *sql)
{
    make_project();
    write_source("a.sql", text);
    ptn_problem problem = {0};
    ptn_source *sources = NULL;
    unsigned count = 0;
    const patron_status status = ptn_sources_load(project, &sources, &count, &problem);
    remove_project();
    CHECK_STR(problem.code, "");
    CHECK_EQ_INT(status, PATRON_OK);
    CHECK_EQ_INT(count, 1);
    CHECK_STR(sources[0].sql, sql);
    ptn_sources_free(sources, count);
}

static ptn_problem fault_of(const char *name, const char *bytes, size_t length)
{
    make_project();
    if (name)
        write_bytes(name, bytes, length);
    ptn_problem problem = {0};
    ptn_source *sources = NULL;
    unsigned count = 7;
    const patron_status status = ptn_sources_load(project, &sources, &count, &problem);
    remove_project();
    CHECK(status != PATRON_OK);
    CHECK_EQ_INT(status, problem.status);
    CHECK(sources == NULL);
    CHECK_EQ_INT(count, 0);
    return problem;
}

static ptn_problem fault_of_text(const char *text)
{
    return fault_of("a.sql", text, strlen(text));
}

TEST(sources_come_sorted_with_their_streams)
{
    make_project();
    write_source("orders.sql", "-- stream: ledger\nSELECT 1;\n");
    write_source("orders-old.sql", "-- Stream : LEDGER  \r\nSELECT 2");
    write_source("Members_2.sql", "--stream:people\nFROM 'm.csv'");
    write_source("notes.txt", "not a source");
    write_source(".orders.sql", "nor this");
    ptn_problem problem = {0};
    ptn_source *sources = NULL;
    unsigned count = 0;
    CHECK_EQ_INT(ptn_sources_load(project, &sources, &count, &problem), PATRON_OK);
    remove_project();
    CHECK_EQ_INT(count, 3);
    CHECK_STR(sources[0].name, "Members_2");
    CHECK_STR(sources[0].stream, "people");
    CHECK_STR(sources[1].name, "orders");
    CHECK_STR(sources[1].path, "sources/orders.sql");
    CHECK_STR(sources[1].stream, "ledger");
    CHECK_STR(sources[1].sql, "-- stream: ledger\nSELECT 1");
    CHECK_STR(sources[2].name, "orders-old");
    CHECK_STR(sources[2].stream, "ledger");
    ptn_sources_free(sources, count);
}

TEST(the_end_of_a_statement_is_found)
{
    check_sql("-- stream: ledger\nSELECT 1 ; ;\n -- done;\n/* really; /* done */ */\n",
              "-- stream: ledger\nSELECT 1");
    check_sql("-- stream: ledger\nSELECT ';--' -- x", "-- stream: ledger\nSELECT ';--'");
    check_sql("-- stream: ledger\nSELECT 'it''s;' ;", "-- stream: ledger\nSELECT 'it''s;'");
    check_sql("-- stream: ledger\nSELECT e'it\\'s; --' ;", "-- stream: ledger\nSELECT e'it\\'s; --'");
    check_sql("-- stream: ledger\nSELECT \"a--;\";", "-- stream: ledger\nSELECT \"a--;\"");
    check_sql("-- stream: ledger\nSELECT $q$ -- ; $q$;", "-- stream: ledger\nSELECT $q$ -- ; $q$");
    check_sql("-- stream: ledger\nSELECT 1; SELECT 2;", "-- stream: ledger\nSELECT 1; SELECT 2");
    check_sql("\xEF\xBB\xBF-- stream: ledger\nSELECT 'Z\xC3\xBCrich'",
              "-- stream: ledger\nSELECT 'Z\xC3\xBCrich'");
}

TEST(no_sources)
{
    CHECK_STR(fault_of(NULL, NULL, 0).code, "E201");
    CHECK_STR(fault_of("a.txt", "", 0).code, "E201");
}

TEST(first_line_must_name_a_stream)
{
    static const char *const texts[] = {"",
                                        "\n-- stream: ledger\nSELECT 1",
                                        "SELECT 1",
                                        "-- ledger\nSELECT 1",
                                        "-- stream:\nSELECT 1",
                                        "-- stream: ledger of orders\nSELECT 1",
                                        "-- streams: ledger\nSELECT 1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_STR(fault_of_text(texts[i]).code, "E202");
    const ptn_problem problem = fault_of_text("-- stream: ledger, people\nSELECT 1");
    CHECK_STR(problem.where, "sources/a.sql:1");
    CHECK(strstr(problem.excerpt, "ledger, people") != NULL);
    CHECK(strstr(problem.fix, "-- stream: ") != NULL);
}

TEST(unknown_stream_has_a_suggestion)
{
    const ptn_problem problem = fault_of_text("-- stream: leger\nSELECT 1");
    CHECK_STR(problem.code, "E205");
    CHECK_STR(problem.where, "sources/a.sql:1:12");
    CHECK_STR(problem.fix, "did you mean ledger?");
    CHECK(strstr(problem.why, "people") != NULL);
}

TEST(files_that_are_not_text)
{
    static const char nul[] = "-- stream: ledger\nSELECT\0 1";
    ptn_problem problem = fault_of("a.sql", nul, sizeof nul - 1);
    CHECK_STR(problem.code, "E206");
    CHECK_STR(problem.where, "sources/a.sql:2");
    CHECK_STR(fault_of_text("-- stream: ledger\nSELECT 'Z\xFCrich'").code, "E206");
    CHECK_STR(fault_of_text("-- stream: ledger\nSELECT '\xED\xA0\x80'").code, "E206");
    CHECK_STR(fault_of_text("-- stream: ledger\nSELECT '\xC3").code, "E206");

    const size_t large = 1024 * 1024 + 1;
    char *text = malloc(large);
    memset(text, ' ', large);
    memcpy(text, "-- stream: ledger\n", 18);
    problem = fault_of("a.sql", text, large);
    CHECK_STR(problem.code, "E206");
    CHECK(strstr(problem.what, "1 MiB") != NULL);
    free(text);
}

TEST(a_folder_is_not_a_source)
{
    make_project();
    char path[128];
    snprintf(path, sizeof path, "%s/sources", project);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/sources/a.sql", project);
    mkdir(path, 0700);
    ptn_problem problem = {0};
    ptn_source *sources = NULL;
    unsigned count = 0;
    CHECK_EQ_INT(ptn_sources_load(project, &sources, &count, &problem), PATRON_EIO);
    CHECK_STR(problem.code, "E206");
    remove_project();
}

TEST(a_source_needs_a_statement_and_a_name)
{
    CHECK_STR(fault_of_text("-- stream: ledger\n -- nothing\n;").code, "E207");
    CHECK_STR(fault_of_text("-- stream: ledger").code, "E207");
    static const char text[] = "-- stream: ledger\nSELECT 1";
    CHECK_STR(fault_of("my orders.sql", text, sizeof text - 1).code, "E208");
    CHECK_STR(fault_of("b\xC3\xBC"
                       "cher.sql",
                       text, sizeof text - 1)
                  .code,
              "E208");
}
