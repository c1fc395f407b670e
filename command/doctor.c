/* patron doctor: is everything in place? What is fine stands side by side, what is not on lines of its own with its fix. */
#include "doctor.h"

#include <jansson.h>

#include "paint.h"
#include "paint_table.h"
#include "verb.h"

static const char *mark_of(ptn_health health)
{
    static const paint_mark marks[] = {MARK_OK, MARK_WARN, MARK_FAIL};
    return paint_mark_text(stdout, marks[health]);
}

/* What is fine, as many to a line as fit. */
static void print_fine(const ptn_doctor *d)
{
    const int columns = paint_columns(stdout), mark = paint_is_utf8() ? 2 : 3;
    int at = 0;
    for (unsigned i = 0; i < d->count; i++) {
        const ptn_finding *f = &d->findings[i];
        const int width = mark + paint_width(f->text);
        if (f->health != PTN_HEALTH_FINE)
            continue;
        if (at && at + 4 + width > columns) {
            putchar('\n');
            at = 0;
        }
        printf("%s%s %s", at ? "    " : "", mark_of(f->health), f->text);
        at += width + (at ? 4 : 0);
    }
    if (at)
        putchar('\n');
}

static void print_rest(const ptn_doctor *d)
{
    for (int health = PTN_HEALTH_FIX; health >= PTN_HEALTH_KNOW; health--)
        for (unsigned i = 0; i < d->count; i++) {
            const ptn_finding *f = &d->findings[i];
            ptn_text text = {0};
            char mark[24];
            if ((int)f->health != health)
                continue;
            snprintf(mark, sizeof mark, "%s ", mark_of((ptn_health)health));
            ptn_text_addf(&text, "%s. %s", f->text, !f->fix[0] ? "" : health == PTN_HEALTH_FIX ? "fix: " : "next: ");
            if (f->is_command)
                paint_command(&text, "%s", f->fix);
            else
                ptn_text_add(&text, f->fix);
            paint_paragraph(stdout, mark, 2, ptn_text_str(&text));
            ptn_text_free(&text);
        }
    if (d->to_fix + d->to_know == 0)
        printf("Everything is in place\n");
    else
        printf("%u to fix, %u to know\n", d->to_fix, d->to_know);
}

static void print_json(const ptn_doctor *d)
{
    static const char *const words[] = {"fine", "know", "fix"};
    json_t *findings = json_array();
    for (unsigned i = 0; i < d->count; i++)
        json_array_append_new(findings, json_pack("{s:s,s:s,s:s,s:s}", "check", d->findings[i].check, "state", words[d->findings[i].health], "message",
                                                  d->findings[i].text, "fix", d->findings[i].fix));
    json_t *object = json_pack("{s:s,s:s?,s:i,s:i,s:o}", "schema", "patron.doctor/1", "project", d->dir, "to_fix", (int)d->to_fix, "to_know",
                               (int)d->to_know, "findings", findings);
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

int run_doctor(int argc, char **argv)
{
    const verb *self = verb_find("doctor");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_doctor doctor;
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    const patron_status status = ptn_doctor_look(given.rest[0], &doctor, &problem);
    int code = status == PATRON_OK && doctor.to_fix == 0 ? EXIT_FINE : EXIT_FAILED;
    if (status != PATRON_OK) {
        paint_problem(&problem);
    } else if (verb_value(self, &given, "--json")) {
        print_json(&doctor);
    } else {
        print_fine(&doctor);
        print_rest(&doctor);
    }
    ptn_doctor_free(&doctor);
    return code;
}
