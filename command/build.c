/* patron build: run what changed, in order, and publish it. */
#include "build.h"

#include <stdio.h>
#include <stdlib.h>

#include "build_json.h"
#include "build_words.h"
#include "config_values.h"
#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "progress.h"
#include "published.h"
#include "verb.h"

typedef struct wish {
    const char *dir; /* as it was given, or NULL */
    char dir_words[VERB_DIR_SIZE]; /* " shop": for commands in messages */
    bool json, quiet;
    ptn_build_options options;
} wish;

static void locale_of(const ptn_project *project, bool tell)
{
    if (!locale_use(project->config.locale) && tell)
        fprintf(stderr, "%s locale %s is not known: numbers are as in en_GB; known are en_GB, en_US, de_DE, fr_FR\n",
                paint_mark_text(stderr, MARK_WARN), project->config.locale);
}

/* --warnings: those of the run that is published. */
static int list_warnings(const wish *w)
{
    ptn_problem problem = {0};
    ptn_published published = {0};
    ptn_warnings warnings;
    char *run = NULL;
    patron_status status = ptn_published_open(w->dir, &published, &problem);
    locale_of(&published.project, false);
    if (status == PATRON_OK)
        status = ptn_store_text(published.store, "SELECT run_id FROM runs ORDER BY rowid DESC LIMIT 1", &run, &problem);
    if (status == PATRON_OK)
        status = ptn_warnings_read(published.store, &warnings, &problem);
    if (status != PATRON_OK)
        paint_problem(&problem);
    else if (w->json)
        build_print_warnings_json(&warnings, run ? run : "");
    else
        build_print_warnings(&warnings, run ? run : "", w->dir_words);
    ptn_published_close(&published);
    free(run);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}

static void print_dry_run(const ptn_dry_run *plan)
{
    char a[32], b[32], room[160], first[200];
    ptn_text line = {0};
    if (plan->would == PTN_WOULD_NOTHING) {
        printf("%s Nothing has changed since run %s: nothing would be done.\n", paint_mark_text(stdout, MARK_OK), plan->published);
        return;
    }
    ptn_text_addf(&line, "Would read %s rows%s: %s", paint_count(plan->rows, a, sizeof a),
                  plan->would == PTN_WOULD_CARRY ? ", onto a copy of the published store" : ", everything", plan->why);
    paint_paragraph(stdout, "", 0, ptn_text_str(&line));
    ptn_text_clear(&line);
    for (unsigned i = 0; i < plan->source_count; i++) {
        const ptn_dry_source *s = &plan->sources[i];
        ptn_text_addf(&line, "  ");
        paint_left(&line, s->name, 20);
        paint_left(&line, s->stream, 8);
        paint_right(&line, paint_count(s->rows, a, sizeof a), 14);
        ptn_text_add(&line, " rows");
        if (s->files)
            ptn_text_addf(&line, "  %s of %s file%s", paint_count(s->files_new, a, sizeof a), paint_count(s->files, b, sizeof b), s->files == 1 ? "" : "s");
        else
            ptn_text_add(&line, "  no files to watch: read again each time");
        if (s->files_gone)
            ptn_text_addf(&line, ", %s gone", paint_count(s->files_gone, a, sizeof a));
        paint_line(stdout, &line);
    }
    ptn_text_add(&line, "Then would run ");
    for (unsigned i = plan->first_stage; ptn_stage_names[i]; i++)
        ptn_text_addf(&line, "%s%s", i > plan->first_stage ? ", " : "", ptn_stage_names[i]);
    if (plan->resumes)
        ptn_text_add(&line, "; a build was stopped, and what it had finished would not be done again");
    paint_paragraph(stdout, "", 0, ptn_text_str(&line));
    ptn_text_free(&line);
    build_room_words(&plan->room, room, sizeof room);
    snprintf(first, sizeof first, "%s It %s", paint_mark_text(stdout, ptn_room_is_tight(&plan->room) ? MARK_WARN : MARK_OK), room);
    paint_paragraph(stdout, "", 0, first);
    printf("Nothing was written.\n");
}

static int dry_run(const wish *w)
{
    ptn_problem problem = {0};
    ptn_project project = {0};
    ptn_dry_run plan;
    patron_status status = ptn_project_open(w->dir, &project, &problem);
    locale_of(&project, false);
    if (status == PATRON_OK)
        status = ptn_dry_run_plan(&project, &w->options, &plan, &problem);
    if (status != PATRON_OK)
        paint_problem(&problem);
    else if (w->json)
        build_print_dry_run_json(&project, &plan);
    else
        print_dry_run(&plan);
    ptn_project_close(&project);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}

static int build(wish *w)
{
    ptn_problem problem = {0};
    ptn_project project = {0};
    ptn_build_report report = {0};
    progress *shown = NULL;
    char seconds[24];
    patron_status status = ptn_project_open(w->dir, &project, &problem);
    locale_of(&project, status == PATRON_OK && !w->quiet && !w->json);
    if (status == PATRON_OK && (shown = progress_begin(&project, &w->options, w->dir_words, w->quiet || w->json))) {
        w->options.on_stage = progress_on_stage;
        w->options.context = shown;
        w->options.progress = (ptn_progress){progress_tell, shown};
    }
    if (status == PATRON_OK)
        status = ptn_build(&project, &w->options, &report, &problem);
    progress_log_end(shown, &report, status == PATRON_OK ? NULL : &problem);
    progress_end(shown);
    if (w->json)
        build_print_json(&project, &report, status == PATRON_OK ? NULL : &problem);
    if (status != PATRON_OK) {
        paint_problem(&problem);
    } else if (report.unchanged && !w->quiet && !w->json) {
        ptn_text line = {0};
        ptn_text_addf(&line, "%s ", paint_mark_text(stdout, MARK_OK));
        ptn_text_addf(&line, "Nothing changed since run %s. Published tables are current.", report.run_id);
        paint_right(&line, paint_decimal(report.seconds, 1, seconds, sizeof seconds), 12);
        ptn_text_add(&line, "s");
        paint_line(stdout, &line);
        ptn_text_free(&line);
    } else if (!w->quiet && !w->json) {
        build_print_end(&report, project.config.currency, w->dir_words);
    }
    ptn_build_report_free(&report);
    ptn_project_close(&project);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}

int run_build(int argc, char **argv)
{
    const verb *self = verb_find("build");
    verb_arguments given;
    ptn_why why;
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    const char *as_of = verb_value(self, &given, "--as-of");
    wish w = {.dir = given.rest[0],
              .json = verb_value(self, &given, "--json"),
              .quiet = verb_value(self, &given, "--quiet"),
              .options = {.as_of = as_of, .full = verb_value(self, &given, "--full"), .from = verb_value(self, &given, "--from")}};
    if (as_of && !ptn_read_day(as_of, &why)) {
        fprintf(stderr, "patron build: --as-of \"%s\": %s\n", as_of, why.text);
        return EXIT_WRONG_USE;
    }
    verb_dir_words(w.dir, w.dir_words, sizeof w.dir_words);
    return verb_value(self, &given, "--warnings") ? list_warnings(&w) : verb_value(self, &given, "--dry-run") ? dry_run(&w) : build(&w);
}
