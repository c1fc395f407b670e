/* What a build takes over from the last one, where that is not as this patron would have made it. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"
#include "published.h"

static char dir[64];

static void check_fine(patron_status status, const ptn_problem *problem)
{
    if (status != PATRON_OK)
        fail_msg("%s %s: %s", problem->code, problem->what, problem->why);
}

static void write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* A shop of two customers, in a folder of its own. */
static void begin(void)
{
    char sources[80];
    snprintf(dir, sizeof dir, "/tmp/patron_build_XXXXXX");
    CHECK(mkdtemp(dir) != NULL);
    snprintf(sources, sizeof sources, "%s/sources", dir);
    CHECK(mkdir(sources, 0700) == 0);
    write_file("patron.yaml", "name: shop\ncurrency: GBP\n");
    write_file("orders.csv", "customer,occurred_at,amount\na,2024-01-09,10\nb,2024-02-09,20\n");
    write_file("sources/orders.sql", "-- stream: ledger\nFROM 'orders.csv'\n");
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0);
}

static void build(bool full, char run_id[24])
{
    ptn_problem problem = {0};
    ptn_project project = {0};
    ptn_build_report report = {0};
    check_fine(ptn_project_open(dir, &project, &problem), &problem);
    check_fine(ptn_build(&project, &(ptn_build_options){.full = full}, &report, &problem), &problem);
    CHECK(!report.unchanged);
    memcpy(run_id, report.run_id, 24);
    ptn_build_report_free(&report);
    ptn_project_close(&project);
}

/* Changes the published store, as only a test may. */
static void tamper(const char *sql)
{
    ptn_problem problem = {0};
    ptn_published last;
    ptn_store *store = NULL;
    check_fine(ptn_published_open(dir, &last, &problem), &problem);
    ptn_store_close(last.store);
    last.store = NULL;
    CHECK(chmod(last.path, 0600) == 0);
    check_fine(ptn_store_open(&store, &(ptn_store_options){.path = last.path}, &problem), &problem);
    check_fine(ptn_store_run(store, sql, &problem), &problem);
    check_fine(ptn_store_run(store, "CHECKPOINT", &problem), &problem);
    ptn_store_close(store);
    ptn_published_close(&last);
}

static int64_t ask(const char *sql)
{
    ptn_problem problem = {0};
    ptn_published last;
    int64_t answer = -1;
    check_fine(ptn_published_open(dir, &last, &problem), &problem);
    check_fine(ptn_store_int(last.store, sql, &answer, &problem), &problem);
    ptn_published_close(&last);
    return answer;
}

TEST(a_run_whose_four_digits_are_taken_gets_one_more)
{
    char run[24];
    for (int full = 0; full < 2; full++) { /* on a copy, and from nothing */
        begin();
        build(false, run);
        tamper("INSERT INTO runs (run_id, as_of) SELECT format('{:04x}', i), DATE '2024-01-01' FROM range(65536) AS all_there_are(i)"
               " WHERE format('{:04x}', i) NOT IN (SELECT run_id FROM runs)");
        if (!full)
            write_file("orders.csv", "customer,occurred_at,amount\na,2024-01-09,10\nb,2024-02-09,20\nc,2024-02-10,30\n");
        build(full, run);
        CHECK_EQ_INT(strlen(run), 5);
        CHECK_EQ_INT(run[4], '1');
        CHECK_EQ_INT(ask("SELECT count(*) - count(DISTINCT run_id) FROM runs"), 0);
        CHECK_EQ_INT(ask("SELECT count(*) FROM runs"), 65537);
        CHECK_EQ_INT(ask("SELECT count(*) FROM ledger l WHERE run_id::VARCHAR NOT IN (SELECT run_id FROM runs)"), 0);
        CHECK_EQ_INT(ask("SELECT (SELECT run_id FROM record.target) = (SELECT last(run_id ORDER BY rowid) FROM runs)"), 1);
        end();
    }
}

TEST(runs_of_a_patron_that_kept_no_settings_are_carried)
{
    char run[24];
    for (int full = 0; full < 2; full++) {
        begin();
        build(false, run);
        tamper("ALTER TABLE runs DROP COLUMN settings");
        if (!full)
            write_file("orders.csv", "customer,occurred_at,amount\na,2024-01-09,10\nb,2024-02-09,20\nc,2024-02-10,30\n");
        build(full, run);
        CHECK_EQ_INT(ask("SELECT count(*) FROM runs"), 2);
        CHECK_EQ_INT(ask("SELECT count(*) FROM runs WHERE settings IS NULL"), 1);
        CHECK_EQ_INT(ask("SELECT (last(settings ORDER BY rowid)['currency'] = 'GBP') FROM runs"), 1);
        end();
    }
}

TEST(when_rows_were_first_known_is_kept_where_the_last_ledger_says_so)
{
    char first[24], second[24];
    for (int older = 0; older < 2; older++) {
        begin();
        build(false, first);
        if (older) /* a ledger of another patron: it cannot be looked into, and that is no fault */
            tamper("ALTER TABLE ledger DROP COLUMN contract");
        build(true, second);
        CHECK_EQ_INT(ask("SELECT count(*) FROM ledger"), 2);
        CHECK_EQ_INT(ask("SELECT count(*) FROM ledger WHERE run_id::VARCHAR = (SELECT first(run_id ORDER BY rowid) FROM runs)"), older ? 0 : 2);
        end();
    }
}
