/* patron new: what was looked at, which column was taken for what and why, one question at most, and a project. */
#include <ctype.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "config_values.h"
#include "draft.h"
#include "paint.h"
#include "paint_table.h"
#include "verb.h"

enum { PART_WIDEST = 20, TAKEN_WIDEST = 24, SURE = 11 };

/* ---- for people ---- */

/* As it can be shown: amounts with the sign of their currency (may be ""), and what the terminal has not got written plainly. */
static const char *shown(const char *text, const char *currency, char *out, size_t size)
{
    const char *symbol = currency[0] ? paint_symbol(currency) : NULL;
    size_t n = 0;
    for (const char *at = text; *at && n + 4 < size; at++) {
        if (symbol && strncmp(at, currency, 3) == 0 && at[3] == ' ' && isdigit((unsigned char)at[4])) {
            n += (size_t)snprintf(out + n, size - n, "%s", symbol);
            at += 3;
        } else if (!paint_is_utf8() && strncmp(at, "×", strlen("×")) == 0) {
            out[n++] = 'x';
            at += strlen("×") - 1;
        } else {
            out[n++] = *at;
        }
    }
    out[n] = '\0';
    return out;
}

/* The first words of *text that fit, and past them; a word that is too long alone is cut. */
static void piece(const char **text, int width, char *out, size_t size)
{
    size_t bytes = 0, space = 0;
    int at = 0;
    const char *t = *text;
    while (t[bytes]) {
        if (t[bytes] == ' ')
            space = bytes;
        if (((unsigned char)t[bytes] & 0xC0) != 0x80 && ++at > width)
            break;
        bytes++;
    }
    if (t[bytes] && space)
        bytes = space;
    snprintf(out, size, "%.*s", (int)bytes, t);
    *text = t + bytes + (t[bytes] == ' ');
}

static const char *sure_word(ptn_sure sure)
{
    static const char *const words[] = {"yes", "please look", "not sure"};
    return words[sure];
}

static const char *kind_words(const ptn_draft_table *t, char *out, size_t size)
{
    static const char *const kinds[] = {"CSV", "Parquet", "JSON", "a workbook's first sheet", "a table"};
    const char *delimiter = t->delimiter[0] == ',' ? "comma" : t->delimiter[0] == ';' ? "semicolon" : t->delimiter[0] == '\t' ? "tab"
                            : t->delimiter[0] == '|' ? "bar" : t->delimiter;
    char encoding[16];
    size_t n = 0;
    for (; t->encoding[n] && n + 1 < sizeof encoding; n++)
        encoding[n] = (char)(strcmp(t->encoding, "latin-1") == 0 && n ? t->encoding[n] : toupper((unsigned char)t->encoding[n]));
    encoding[n] = '\0';
    if (t->kind == PTN_DRAFT_CSV)
        snprintf(out, size, "CSV, %s, %s", delimiter, encoding);
    else
        snprintf(out, size, "%s", kinds[t->kind]);
    return out;
}

static void looked_at(const ptn_draft_table *t)
{
    char kind[48], rows[32], columns[32], files[48] = "", first[24], last[24], text[1024];
    if (t->file_count > 1)
        snprintf(files, sizeof files, "%s files; ", paint_count(t->file_count, rows, sizeof rows));
    const int length = snprintf(text, sizeof text, "Looked at %s: %s; %s%s rows, %s columns", t->label, kind_words(t, kind, sizeof kind), files,
                                paint_count(t->rows, rows, sizeof rows), paint_count((int64_t)t->column_count, columns, sizeof columns));
    if (t->counts.first_day[0] && length > 0 && (size_t)length < sizeof text)
        snprintf(text + length, sizeof text - (size_t)length, "; %s to %s", paint_day(t->counts.first_day, first, sizeof first),
                 paint_day(t->counts.last_day, last, sizeof last));
    paint_paragraph(stdout, "", 0, text);
    if (t->sampled < (double)t->rows)
        printf("  values were looked at in %s of the rows; every row is counted\n", paint_count((int64_t)t->sampled, rows, sizeof rows));
}

static void guesses(const ptn_draft_table *t)
{
    int part = 6, taken = 10;
    ptn_text line = {0};
    char text[512], first[512], second[512], why[512];
    for (unsigned i = 0; i < t->guess_count; i++) {
        part = paint_width(t->guesses[i].part) > part ? paint_width(t->guesses[i].part) : part;
        taken = paint_width(t->guesses[i].taken) > taken ? paint_width(t->guesses[i].taken) : taken;
    }
    part = part > PART_WIDEST ? PART_WIDEST : part;
    taken = taken > TAKEN_WIDEST ? TAKEN_WIDEST : taken;
    const int because = paint_columns(stdout) - 2 - part - 2 - taken - 2 - 2 - SURE;
    paint_left(&line, "  needed", 2 + part + 2);
    paint_left(&line, "taken from", taken + 2);
    paint_left(&line, "because", because + 2);
    paint_left(&line, "sure?", 0);
    paint_line(stdout, &line);
    for (unsigned i = 0; i < t->guess_count; i++) {
        const ptn_guess *g = &t->guesses[i];
        const char *a = g->part, *b = g->taken, *c = shown(g->because, "", why, sizeof why);
        b = shown(b, "", text, sizeof text);
        for (bool top = true; top || *a || *b || *c; top = false) {
            char cell[64];
            piece(&a, part, cell, sizeof cell);
            piece(&b, taken, first, sizeof first);
            piece(&c, because, second, sizeof second);
            ptn_text_add(&line, "  ");
            paint_left(&line, cell, part + 2);
            paint_left(&line, first, taken + 2);
            paint_left(&line, second, because + 2);
            paint_left(&line, top ? sure_word(g->sure) : "", 0);
            paint_line(stdout, &line);
        }
    }
    ptn_text_free(&line);
}

static const char *time_it_takes(const ptn_draft *draft, char *out, size_t size)
{
    double rows = 0;
    for (unsigned i = 0; i < draft->table_count; i++)
        rows += draft->tables[i].stream ? (double)draft->tables[i].rows : 0;
    const double seconds = 2 + rows / 100000;
    if (seconds < 5)
        snprintf(out, size, "a few seconds");
    else if (seconds < 90)
        snprintf(out, size, "about %d seconds", 5 * (int)(seconds / 5 + 0.5));
    else
        snprintf(out, size, "about %d minutes", (int)(seconds / 60 + 0.5));
    return out;
}

static unsigned lines_of(const char *text)
{
    unsigned lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void print_notes(const ptn_draft *draft)
{
    char first[32], text[512];
    for (unsigned i = 0; i < draft->note_count; i++) {
        snprintf(first, sizeof first, "  %s", paint_mark_text(stdout, MARK_WARN));
        fputs(first, stdout);
        fputc(' ', stdout);
        /* the mark may be coloured: it takes one column, whatever its bytes */
        const char *rest = shown(draft->notes[i].text, draft->currency, text, sizeof text);
        const int width = paint_columns(stdout) - 4;
        char line[512];
        for (bool top = true; *rest; top = false) {
            piece(&rest, width, line, sizeof line);
            printf("%s%s\n", top ? "" : "    ", line);
        }
    }
}

static void print_end(const ptn_draft *draft)
{
    char time[40], dir[VERB_DIR_SIZE];
    ptn_text wrote = {0};
    verb_dir_words(draft->shown_dir, dir, sizeof dir);
    ptn_text_addf(&wrote, "Wrote %s/patron.yaml (%u lines)", draft->shown_dir, draft->yaml_lines);
    for (unsigned i = 0; i < draft->table_count; i++)
        if (draft->tables[i].stream)
            ptn_text_addf(&wrote, ", %s/sources/%s.sql (%u lines)", draft->shown_dir, draft->tables[i].source, lines_of(draft->tables[i].sql));
    ptn_text_add(&wrote, ". No data was copied.");
    paint_paragraph(stdout, "", 0, ptn_text_str(&wrote));
    ptn_text_free(&wrote);
    if (draft->dsn_secret)
        printf("The address is not written down, as it may hold a password: export PATRON_DSN='...' before each build\n");
    if (draft->cannot_build)
        printf("Next: mend what would go to quarantine, or the build stops: it is more than quarantine_limit. Then: cd%s && patron build\n", dir);
    else
        printf("Next: cd%s && patron build        %s\n", dir, time_it_takes(draft, time, sizeof time));
}

/* ---- the question ---- */

/* Once; asked again when the answer is no currency, three times at most. */
static bool ask_currency(ptn_draft *draft)
{
    char answer[64];
    ptn_why why;
    for (int attempt = 0; attempt < 3; attempt++) {
        fflush(stdout);
        /* one write: what is typed ahead is echoed after the question, never inside it */
        if (draft->currency_hint[0])
            fprintf(stderr, "Currency? %s. [%s]        (in a script: --currency %s) ", draft->currency_why, draft->currency_hint, draft->currency_hint);
        else
            fprintf(stderr, "Currency? %sThree letters, such as EUR: ", draft->currency_why);
        fflush(stderr);
        if (!fgets(answer, sizeof answer, stdin))
            return false;
        answer[strcspn(answer, "\r\n")] = '\0';
        for (char *at = answer; *at; at++)
            *at = (char)toupper((unsigned char)*at);
        if (!answer[0] && draft->currency_hint[0])
            snprintf(answer, sizeof answer, "%s", draft->currency_hint);
        if (ptn_read_currency(answer, draft->currency, &why))
            return true;
        fprintf(stderr, "%s: %s\n", answer[0] ? answer : "nothing", why.text);
    }
    return false;
}

/* ---- for programs ---- */

static json_t *table_json(const ptn_draft_table *t)
{
    json_t *parts = json_array(), *files = json_array();
    for (unsigned i = 0; i < t->guess_count; i++)
        json_array_append_new(parts, json_pack("{s:s,s:s,s:s,s:s}", "part", t->guesses[i].part, "taken_from", t->guesses[i].taken, "because",
                                               t->guesses[i].because, "sure", sure_word(t->guesses[i].sure)));
    for (unsigned i = 0; i < t->file_count; i++)
        json_array_append_new(files, json_string(t->files[i]));
    const ptn_draft_counts *n = &t->counts;
    json_t *table = json_pack("{s:s,s:o,s:I,s:I,s:i,s:s?,s:s?,s:s?,s:o}", "table", t->label, "files", files, "rows", (json_int_t)t->rows, "looked_at",
                              (json_int_t)t->sampled, "columns", (int)t->column_count, "stream", t->stream, "source", t->stream ? t->source : NULL, "left_out",
                              t->stream ? NULL : t->why_not, "parts", parts);
    if (n->known)
        json_object_set_new(table, "counts",
                            json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:s}", "rows", (json_int_t)n->rows, "no_customer", (json_int_t)n->nobody,
                                      "customers", (json_int_t)n->people, "no_date", (json_int_t)n->no_date, "no_amount", (json_int_t)n->no_amount,
                                      "wrong_sign", (json_int_t)n->off_sign, "out_of_time", (json_int_t)n->ahead, "returns",
                                      (json_int_t)n->below, "repeated", (json_int_t)n->repeated, "in_two_files", (json_int_t)n->in_two_files, "first_day",
                                      n->first_day, "last_day", n->last_day));
    return table;
}

static void print_json(const ptn_draft *draft)
{
    json_t *tables = json_array(), *notes = json_array(), *wrote = json_array();
    char path[4096];
    for (unsigned i = 0; i < draft->table_count; i++)
        json_array_append_new(tables, table_json(&draft->tables[i]));
    for (unsigned i = 0; i < draft->note_count; i++)
        json_array_append_new(notes, json_string(draft->notes[i].text));
    json_array_append_new(wrote, json_string("patron.yaml"));
    for (unsigned i = 0; i < draft->table_count; i++)
        if (draft->tables[i].stream) {
            snprintf(path, sizeof path, "sources/%s.sql", draft->tables[i].source);
            json_array_append_new(wrote, json_string(path));
        }
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:b,s:f}", "schema", "patron.new/1", "project", draft->name, "folder", draft->dir,
                               "currency", draft->currency, "currency_because", draft->currency_why, "tables", tables, "warnings", notes, "wrote", wrote,
                               "builds", !draft->cannot_build, "seconds", draft->seconds);
    if (object)
        json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(object);
}

/* ---- the verb ---- */

static void on_look(const ptn_draft_table *t)
{
    if (paint_is_terminal(stderr) && t->file_count && t->kind <= PTN_DRAFT_JSON)
        fprintf(stderr, "Looking at %s\r", t->label);
}

static void wipe(void)
{
    if (paint_is_terminal(stderr))
        fprintf(stderr, "\033[2K\r");
}

int run_new(int argc, char **argv)
{
    const verb *self = verb_find("new");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_draft draft = {0};
    ptn_why why;
    char currency[4] = "";
    int code = EXIT_FAILED;
    if (!verb_parse(self, argc, argv, PTN_DRAFT_GIVEN_MAX, &given))
        return EXIT_WRONG_USE;
    if (given.rest_count == 0) {
        fprintf(stderr, "patron new: which data? A CSV, Parquet or JSON file, a folder of them, or a database\n  usage: %s      more: patron new --help\n",
                self->usage);
        return EXIT_WRONG_USE;
    }
    const bool json = verb_value(self, &given, "--json") != NULL;
    const char *said = verb_value(self, &given, "--currency"), *dates = verb_value(self, &given, "--dates");
    if (said) {
        char upper[8] = "";
        for (size_t i = 0; said[i] && i + 1 < sizeof upper; i++)
            upper[i] = (char)toupper((unsigned char)said[i]);
        if (!ptn_read_currency(upper, currency, &why)) {
            fprintf(stderr, "patron new: --currency \"%s\": %s\n", said, why.text);
            return EXIT_WRONG_USE;
        }
    }
    ptn_draft_options options = {.given_count = given.rest_count, .name = verb_value(self, &given, "--name"), .out = verb_value(self, &given, "--out"),
                                 .customer = verb_value(self, &given, "--customer"), .occurred_at = verb_value(self, &given, "--occurred-at"),
                                 .amount = verb_value(self, &given, "--amount"), .currency = said ? currency : NULL, .dates = dates};
    memcpy(options.given, given.rest, given.rest_count * sizeof *given.rest);
    patron_status status = ptn_draft_look(&options, json ? NULL : on_look, &draft, &problem);
    if (!json)
        wipe();
    if (status != PATRON_OK) {
        paint_problem(&problem);
        goto done;
    }
    for (unsigned i = 0; i < draft.table_count && !json; i++)
        if (draft.tables[i].stream) {
            looked_at(&draft.tables[i]);
            guesses(&draft.tables[i]);
        }
    if (!draft.currency[0] && !json && isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
        if (!ask_currency(&draft)) {
            fprintf(stderr, "\npatron new: no currency, so nothing was written. In a script: --currency EUR\n");
            code = EXIT_WRONG_USE;
            goto done;
        }
    } else if (!draft.currency[0] && draft.currency_hint[0]) {
        snprintf(draft.currency, sizeof draft.currency, "%s", draft.currency_hint);
        if (!json)
            printf("Currency %s: %s. If not: --currency %s\n", draft.currency, draft.currency_why, strcmp(draft.currency, "EUR") == 0 ? "GBP" : "EUR");
    } else if (!draft.currency[0]) {
        fflush(stdout);
        fprintf(stderr, "patron new: which currency? Nothing in the data says it, so nothing was written. Say it: --currency EUR\n");
        code = EXIT_WRONG_USE;
        goto done;
    } else if (!said && !json) {
        printf("Currency %s: %s\n", draft.currency, draft.currency_why);
    }
    status = ptn_draft_notes(&draft, &problem);
    if (status == PATRON_OK)
        status = ptn_draft_write(&draft, &problem);
    if (status != PATRON_OK) {
        paint_problem(&problem);
        goto done;
    }
    if (json) {
        print_json(&draft);
    } else {
        print_notes(&draft);
        print_end(&draft);
    }
    code = EXIT_FINE;

done:
    if (code == EXIT_FAILED && (strcmp(problem.code, "E523") == 0 || problem.status == PATRON_EINVAL))
        code = EXIT_WRONG_USE;
    ptn_draft_free(&draft);
    return code;
}
