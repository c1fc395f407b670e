/* A CSV of cash flows as anybody could write it: no crash, and either a store whose money adds up, counted again here
 * from the tables, or a complete fault. DuckDB itself is not instrumented: what is searched is what patron makes of it. */

#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void write_file(const char *name, const void *content, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    require(file >= 0 && write(file, content, size) == (ssize_t)size && close(file) == 0);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Every build starts from nothing, so that what is found can be found again from one input. */
static void forget_builds(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/.patron", folder);
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* In memory, as every input is a build. */
static void make_project(void)
{
    static const char yaml[] = "name: fuzz\ncurrency: GBP\nquarantine_limit: 100%\n";
    static const char orders[] = "-- stream: ledger\nFROM 'data/x.csv'\n";
    char path[128];
    snprintf(folder, sizeof folder, "/dev/shm/patron-fuzz-XXXXXX");
    require(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    snprintf(path, sizeof path, "%s/sources", folder);
    require(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/data", folder);
    require(mkdir(path, 0700) == 0);
    write_file("patron.yaml", yaml, strlen(yaml));
    write_file("sources/orders.sql", orders, strlen(orders));
}

static void check_store(const ptn_project *project, const ptn_build_report *report)
{
    static const char sums[] =
        "SELECT rows = (SELECT coalesce(sum(rows_read), 0) FROM money WHERE stage = 'identify')"
        " AND amount = (SELECT coalesce(sum(amount_in), 0) FROM money WHERE stage = 'identify')"
        " AND (SELECT count(*) FROM quarantine) = (SELECT coalesce(sum(rows_quarantined), 0) FROM money WHERE stage = 'identify')"
        " FROM (SELECT count(*) AS rows, coalesce(sum(amount), 0) AS amount FROM (SELECT amount FROM ledger"
        " UNION ALL SELECT amount FROM record.refused UNION ALL SELECT NULL FROM record.unreadable))";
    ptn_problem problem;
    ptn_store *store = NULL;
    char *path = NULL;
    int64_t holds = 0;
    require(ptn_project_published(project, &path, &problem) == PATRON_OK);
    require(ptn_store_open(&store, &(ptn_store_options){.path = path, .read_only = true}, &problem) == PATRON_OK);
    require(ptn_store_int(store, sums, &holds, &problem) == PATRON_OK && holds == 1);
    ptn_store_close(store);
    free(path);
    require(report->record.rows >= report->record.quarantined + report->record.set_aside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ptn_project project = {0};
    ptn_problem problem = {0};
    ptn_build_report report;
    if (!folder[0])
        make_project();
    forget_builds();
    write_file("data/x.csv", data, size);
    require(ptn_project_open(folder, &project, &problem) == PATRON_OK);
    if (ptn_build(&project, &(ptn_build_options){0}, &report, &problem) == PATRON_OK)
        check_store(&project, &report);
    else /* never "money is not conserved", never a step of our own that DuckDB refuses */
        require(problem.status != PATRON_OK && strcmp(problem.code, "E001") > 0 && problem.what[0]
                && strstr(problem.where, "orders.sql") && problem.why[0] && problem.fix[0]);
    ptn_build_report_free(&report);
    ptn_project_close(&project);
    return 0;
}
