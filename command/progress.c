/* A build on a terminal, and in a log. The thread that redraws only reads what the build tells it, under one lock. */
#include "progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "build_words.h"
#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "verb.h"

enum { BAR = 20, NAME = 10 };

typedef enum form { FORM_NONE, FORM_LIVE, FORM_LINES, FORM_LOG } form;

struct progress {
    form form;
    const ptn_project *project;
    const ptn_build_options *options;
    char previous[24]; /* the run that stands while this one is made */
    bool started;      /* the head is written */

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool running;
    unsigned stage; /* of ptn_stage_names */
    bool at_work;
    double began;
    char what[64];
    unsigned done, of;
    unsigned tick;
    int lines; /* of the terminal, written and to be cleared */
};

/* What the signal handler writes: made beforehand, since a handler may do little. */
static char farewell[VERB_DIR_SIZE + 256];
static size_t farewell_length;
static volatile sig_atomic_t live_lines; /* as progress.lines */
static const int stopping[] = {SIGINT, SIGTERM};
static struct sigaction before[2]; /* what they did before the build, and do after it */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- live ---- */

static const char up[] = "\033[1A\033[K"; /* to the line above, which is cleared */

static void add_clear(const progress *p, ptn_text *frame)
{
    if (p->lines > 0)
        ptn_text_add(frame, "\r\033[K");
    for (int i = 1; i < p->lines; i++)
        ptn_text_add(frame, up);
}

static void show(progress *p, const ptn_text *frame, int lines)
{
    fwrite(ptn_text_str(frame), 1, frame->length, stderr); /* stderr is not buffered: in one piece, so that nothing flickers */
    p->lines = lines;
    live_lines = lines;
}

static void clear(progress *p)
{
    ptn_text frame = {0};
    add_clear(p, &frame);
    show(p, &frame, 0);
    ptn_text_free(&frame);
}

static int terminal_width(void)
{
    struct winsize window;
    const int width = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
    return width > 100 ? 100 : width;
}

static void add_clipped(ptn_text *frame, const char *text, int width)
{
    ptn_text_addn(frame, text, ptn_text_bytes(text, (size_t)width));
}

static void add_bar(ptn_text *line, unsigned done, unsigned of)
{
    const unsigned full = of ? BAR * done / of : 0;
    for (unsigned i = 0; i < BAR; i++)
        ptn_text_add(line, paint_is_utf8() ? (i < full ? "█" : "░") : (i < full ? "#" : "."));
}

static void draw(progress *p)
{
    static const char *const turning[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    static const char *const plain[] = {"|", "/", "-", "\\"};
    const int width = terminal_width() - 1;
    const double seconds = now() - p->began;
    char part[96], time[32], digits[24];
    ptn_text line = {0}, rest = {0}, frame = {0};
    if (!p->at_work || seconds < 0.2)
        return;
    p->tick++;
    paint_left(&line, paint_is_utf8() ? turning[p->tick % 10] : plain[p->tick % 4], 2);
    paint_left(&line, ptn_stage_names[p->stage], NAME + 1);
    if (p->of > 1 && width >= 60) {
        add_bar(&line, p->done, p->of);
        ptn_text_add(&line, "  ");
    }
    snprintf(time, sizeof time, "%ss", paint_decimal(seconds, 1, digits, sizeof digits));
    if (p->of > 1)
        snprintf(part, sizeof part, "%u of %u  %8s", p->done + 1, p->of, time);
    else
        snprintf(part, sizeof part, "%8s", time);
    const int used = paint_width(ptn_text_str(&line)), room = width - used - paint_width(part) - 1;
    if (room > 0) {
        char what[64];
        snprintf(what, sizeof what, "%.*s", (int)ptn_text_bytes(p->what, (size_t)room), p->what);
        paint_left(&line, what, room + 1);
    }
    ptn_text_add(&line, part);

    ptn_text_add(&rest, "  ");
    for (unsigned i = p->stage + 1; ptn_stage_names[i]; i++)
        ptn_text_addf(&rest, "%s%s", i > p->stage + 1 ? (paint_is_utf8() ? " · " : " - ") : "", ptn_stage_names[i]);
    if (ptn_stage_names[p->stage + 1])
        ptn_text_add(&rest, "  waiting");
    const char *keeps = p->previous[0] ? "Ctrl-C keeps the last good build" : "Ctrl-C stops; the next build goes on from here";
    if (paint_width(ptn_text_str(&rest)) + 2 + paint_width(keeps) <= width)
        paint_right(&rest, keeps, width - paint_width(ptn_text_str(&rest)));

    add_clear(p, &frame);
    add_clipped(&frame, ptn_text_str(&line), width);
    ptn_text_add(&frame, "\n");
    add_clipped(&frame, paint_width(ptn_text_str(&rest)) <= width ? ptn_text_str(&rest) : "", width);
    show(p, &frame, 2);
    ptn_text_free(&frame);
    ptn_text_free(&line);
    ptn_text_free(&rest);
}

static void *redraw(void *context)
{
    progress *p = context;
    pthread_mutex_lock(&p->lock);
    while (p->running) {
        struct timespec until;
        draw(p);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&p->woken, &p->lock, &until);
    }
    clear(p);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- log ---- */

static void log_line(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void log_line(const char *event, const char *format, ...)
{
    char stamp[32], words[1024];
    struct tm utc;
    const time_t moment = time(NULL);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    for (char *c = words; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    gmtime_r(&moment, &utc);
    strftime(stamp, sizeof stamp, "%H:%M:%SZ", &utc);
    fprintf(stderr, "%s %-8s %s\n", stamp, event, words);
}

static void log_start(const progress *p, const ptn_build_report *report)
{
    const char *as_of = p->options->as_of ? p->options->as_of : p->project->config.as_of;
    char words[160];
    ptn_text line = {0};
    ptn_text_addf(&line, "%s", p->project->config.name);
    if (as_of[0])
        ptn_text_addf(&line, " as_of=%s", as_of);
    ptn_text_addf(&line, " run=%s", report->run_id);
    if (report->previous_run_id[0])
        ptn_text_addf(&line, " previous=%s", report->previous_run_id);
    if (report->resumed)
        ptn_text_add(&line, " resumed=true");
    ptn_text_addf(&line, " need_mb=%.0f", report->room.need / 1e6);
    if (report->room.free >= 0)
        ptn_text_addf(&line, " free_mb=%.0f", report->room.free / 1e6);
    log_line("start", "%s", ptn_text_str(&line));
    ptn_text_free(&line);
    if (ptn_room_is_tight(&report->room))
        log_line("warning", "the build %s: it may not be enough", build_room_words(&report->room, words, sizeof words));
}

/* On a terminal, where it may not be enough. */
static void warn_of_room(const ptn_room *room)
{
    char words[160], text[240];
    snprintf(text, sizeof text, "%s The build %s: it may not be enough", paint_mark_text(stderr, MARK_WARN),
             build_room_words(room, words, sizeof words));
    paint_paragraph(stderr, "", 0, text);
}

static void log_stage(const ptn_build_report *report, const ptn_stage_report *stage)
{
    const ptn_record_report *r = &report->record;
    ptn_text line = {0};
    ptn_text_addf(&line, "ok %.1fs", stage->seconds);
    if (strcmp(stage->name, "record") == 0)
        ptn_text_addf(&line, " as_of=%s sources=%lld rows=%lld new=%lld quarantined=%lld", report->as_of, (long long)r->sources,
                      (long long)r->rows, (long long)r->rows_read, (long long)r->quarantined);
    else if (strcmp(stage->name, "identify") == 0)
        ptn_text_addf(&line, " people=%lld", (long long)report->persons);
    else if (strcmp(stage->name, "history") == 0)
        ptn_text_addf(&line, " buyers=%lld purchase_days=%lld states=%lld", (long long)report->buyers, (long long)report->purchase_days,
                      (long long)report->states);
    else if (strcmp(stage->name, "forecast") == 0)
        for (unsigned i = 0; i < report->horizon_count; i++)
            ptn_text_addf(&line, " %dd=%s", report->horizons[i].days, report->horizons[i].model[0] ? report->horizons[i].model : "none");
    else if (strcmp(stage->name, "share") == 0)
        ptn_text_addf(&line, " tables=%lld", (long long)report->tables);
    log_line(stage->name, "%s", ptn_text_str(&line));
    ptn_text_free(&line);
}

void progress_log_end(progress *p, const ptn_build_report *report, const ptn_problem *problem)
{
    if (!p || p->form != FORM_LOG)
        return;
    if (problem) {
        log_line("failed", "%s %s%s%s", problem->code, problem->what, report->previous_run_id[0] ? "; stays published: " : "",
                 report->previous_run_id);
        return;
    }
    for (unsigned i = 0; i < report->money_count && !report->unchanged; i++) {
        const ptn_money_line *m = &report->money[i];
        log_line("money", "ok in=%s attributed=%s unattributed=%s quarantined=%s set_aside=%s %s", m->amount_in, m->attributed,
                 m->unattributed, m->quarantined, m->set_aside, m->currency);
    }
    for (unsigned i = 0; i < report->warnings.count && !report->unchanged; i++) {
        const ptn_warning *w = &report->warnings.at[i];
        log_line("warning", "%s %s.%s%s", w->code, w->message, w->next[0] ? " next: " : "", w->next);
    }
    if (report->unchanged)
        log_line("done", "unchanged %.1fs published=%s", report->seconds, report->run_id);
    else if (report->headline.known)
        log_line("done", "ok %.1fs warnings=%u peak_mib=%ld customers=%lld value=%.2f published=%s", report->seconds,
                 report->warnings.count, report->peak_kib / 1024, (long long)report->persons, report->headline.value, report->run_id);
    else
        log_line("done", "ok %.1fs warnings=%u peak_mib=%ld customers=%lld published=%s", report->seconds, report->warnings.count,
                 report->peak_kib / 1024, (long long)report->persons, report->run_id);
}

/* ---- what the build tells ---- */

static void head(progress *p, const ptn_build_report *report)
{
    char day[24];
    if (p->form == FORM_LOG || p->started)
        return;
    p->started = true;
    const char *dot = paint_is_utf8() ? "·" : "-";
    fprintf(stderr, "%s %s as of %s %s run %s%s\n", p->project->config.name, dot, locale_day(report->as_of, day, sizeof day), dot,
            report->run_id, report->resumed ? ", carried on from where it was stopped" : "");
}

void progress_on_stage(const ptn_build_report *report, const ptn_stage_report *stage, bool finished, void *context)
{
    progress *p = context;
    char words[160], digits[24];
    if (p->form == FORM_NONE)
        return;
    if (p->form == FORM_LOG) {
        if (!finished && report->stage_count == 1)
            log_start(p, report);
        else if (finished)
            log_stage(report, stage);
        return;
    }
    if (!finished && report->stage_count == 1 && ptn_room_is_tight(&report->room))
        warn_of_room(&report->room);
    pthread_mutex_lock(&p->lock);
    if (!finished) {
        for (p->stage = 0; strcmp(ptn_stage_names[p->stage], stage->name) != 0;)
            p->stage++;
        snprintf(p->previous, sizeof p->previous, "%s", report->previous_run_id);
        p->at_work = true;
        p->began = now();
        p->what[0] = '\0';
        p->done = p->of = 0;
    } else {
        ptn_text line = {0};
        const int columns = paint_columns(stderr);
        p->at_work = false;
        clear(p);
        head(p, report);
        build_stage_words(report, stage->name, words, sizeof words);
        for (const char *comma = ";,"; *comma; comma++) /* what is said last can be spared */
            if (paint_width(words) > columns - NAME - 11 && strrchr(words, *comma))
                *strrchr(words, *comma) = '\0';
        ptn_text_addf(&line, "%s ", paint_mark_text(stderr, MARK_OK));
        paint_left(&line, stage->name, NAME + 1);
        paint_left(&line, words, columns - NAME - 11);
        snprintf(words, sizeof words, "%ss", paint_decimal(stage->seconds, 1, digits, sizeof digits));
        paint_right(&line, words, 8);
        paint_line(stderr, &line);
        ptn_text_free(&line);
    }
    pthread_mutex_unlock(&p->lock);
}

void progress_tell(const char *what, unsigned done, unsigned of, void *context)
{
    progress *p = context;
    if (p->form != FORM_LIVE)
        return;
    pthread_mutex_lock(&p->lock);
    snprintf(p->what, sizeof p->what, "%s", what);
    p->done = done;
    p->of = of;
    pthread_mutex_unlock(&p->lock);
}

/* ---- Ctrl-C ---- */

/* What has been finished is on the disk, and the lock goes with the process: there is nothing to tidy up. */
static void stop(int signal_number)
{
    static const char away[] = "\r\033[K\033[1A\033[K"; /* two lines */
    ssize_t written = live_lines ? write(STDERR_FILENO, away, sizeof away - 1) : 0;
    written += write(STDERR_FILENO, farewell, farewell_length);
    (void)written;
    _exit(128 + signal_number);
}

static void say_farewell_when_stopped(const progress *p, const char *dir_words)
{
    char link[64] = "", previous[24] = "", path[4096];
    snprintf(path, sizeof path, "%s/store.duckdb", p->project->state_dir);
    const ssize_t length = readlink(path, link, sizeof link - 1);
    link[length > 0 ? length : 0] = '\0';
    if (sscanf(link, "store-%23[^.].duckdb", previous) != 1)
        previous[0] = '\0';
    if (previous[0])
        farewell_length = (size_t)snprintf(farewell, sizeof farewell,
                                           "Stopped. Run %s stays published; patron build%s goes on from where this one was.\n",
                                           previous, dir_words);
    else
        farewell_length = (size_t)snprintf(farewell, sizeof farewell,
                                           "Stopped. Nothing is published yet; patron build%s goes on from where this one was.\n",
                                           dir_words);
    if (farewell_length >= sizeof farewell)
        farewell_length = sizeof farewell - 1;
    const struct sigaction action = {.sa_handler = stop};
    for (unsigned i = 0; i < 2; i++)
        if (sigaction(stopping[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN) /* a shell's background */
            sigaction(stopping[i], &action, NULL);
}

progress *progress_begin(const ptn_project *project, const ptn_build_options *options, const char *dir_words, bool quiet)
{
    progress *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->form = quiet ? FORM_NONE : !isatty(STDERR_FILENO) ? FORM_LOG : paint_is_terminal(stderr) ? FORM_LIVE : FORM_LINES;
    p->project = project;
    p->options = options;
    say_farewell_when_stopped(p, dir_words);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->woken, NULL);
    p->running = p->form == FORM_LIVE;
    if (p->running && pthread_create(&p->thread, NULL, redraw, p) != 0)
        p->running = false; /* then nothing turns: what is done is still told */
    return p;
}

void progress_end(progress *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    const bool running = p->running;
    p->running = false;
    p->at_work = false;
    pthread_cond_signal(&p->woken);
    pthread_mutex_unlock(&p->lock);
    if (running)
        pthread_join(p->thread, NULL);
    for (unsigned i = 0; i < 2; i++)
        sigaction(stopping[i], &before[i], NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->woken);
    free(p);
}
