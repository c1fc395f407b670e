/* patron report: everything on one page, in one file that anybody can open. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "published.h"
#include "report_json.h"
#include "text.h"
#include "verb.h"

/* Asked for, or report.html in the project's folder. */
static char *path_of(const ptn_project *project, const char *asked)
{
    return asked ? strdup(asked) : ptn_text_path(project->dir, "report.html");
}

static void say_where(const char *path, size_t size, const ptn_report *report, bool masked)
{
    char day[40], bytes[32];
    if (!size) /* the page itself went into a pipe */
        return;
    printf("%s Wrote %s (%s kB): run %s, as of %s\n", paint_mark_text(stdout, MARK_OK), path,
           paint_count((int64_t)(size + 999) / 1000, bytes, sizeof bytes), report->run_id, locale_day(report->as_of, day, sizeof day));
    paint_paragraph(stdout, "", 2, masked ? "One file: it opens in any browser and asks no network. No name and no key of a customer is in it;"
                                            " with them: patron report --with-names"
                                          : "One file: it opens in any browser and asks no network. Names and keys of customers are in it: keep"
                                            " it as you keep the data");
}

static patron_status write_page(const ptn_project *project, const char *asked, json_t *data, const ptn_report *report, bool masked,
                                ptn_problem *problem)
{
    size_t size = 0;
    char *path = path_of(project, asked), *json = json_dumps(data, JSON_COMPACT | JSON_REAL_PRECISION(10));
    patron_status status = PATRON_OK;
    if (!path || !json)
        status = ptn_out_of_memory(problem);
    if (status == PATRON_OK)
        status = ptn_report_write(path, json, !masked, &size, problem);
    if (status == PATRON_OK)
        say_where(path, size, report, masked);
    free(path);
    free(json);
    return status;
}

int run_report(int argc, char **argv)
{
    const verb *self = verb_find("report");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_published published = {0};
    ptn_report report = {0};
    json_t *data = NULL;
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    const char *out = verb_value(self, &given, "--out");
    const bool masked = !verb_value(self, &given, "--with-names"), json = verb_value(self, &given, "--json") != NULL;
    if (json && out) {
        fprintf(stderr, "patron report: --json goes to stdout, --out names the page: one of the two\n");
        return EXIT_WRONG_USE;
    }
    if (out && !*out) {
        fprintf(stderr, "patron report: --out needs the name of a file\n");
        return EXIT_WRONG_USE;
    }
    patron_status status = ptn_published_open(given.rest[0], &published, &problem);
    if (status == PATRON_OK)
        status = ptn_report_read(published.store, masked, &report, &problem);
    if (status == PATRON_OK) {
        locale_use(published.project.config.locale);
        paint_always_utf8(true);
        status = report_json(published.store, &report, published.project.config.locale, masked, &data, &problem);
        paint_always_utf8(false);
    }
    if (status == PATRON_OK && json) {
        json_dumpf(data, stdout, JSON_COMPACT | JSON_REAL_PRECISION(10));
        putchar('\n');
    } else if (status == PATRON_OK) {
        status = write_page(&published.project, out, data, &report, masked, &problem);
    }
    if (status != PATRON_OK)
        paint_problem(&problem);
    json_decref(data);
    ptn_report_free(&report);
    ptn_published_close(&published);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}
