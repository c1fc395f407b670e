/* Numbers and dates as the project's locale writes them. A locale is a row here. */
#include "locale.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "paint.h"

#define NARROW "\u202f" /* what French puts between thousands, and German before the sign of a currency */

static const locale_form forms[] = {
    {"en_GB", ",", ".", true, "bn", "m", "k", DATE_DAY_MONTH_WORD},
    {"en_US", ",", ".", true, "B", "M", "K", DATE_MONTH_WORD_DAY},
    {"de_DE", ".", ",", false, NARROW "Mrd.", NARROW "Mio.", NARROW "Tsd.", DATE_DOTS},
    {"fr_FR", NARROW, ",", false, NARROW "Md", NARROW "M", NARROW "k", DATE_SLASHES},
};
enum { FORMS = sizeof forms / sizeof *forms };

/* The same for a terminal that has no narrow space. */
static locale_form now = {"en_GB", ",", ".", true, "bn", "m", "k", DATE_DAY_MONTH_WORD};

static const char *plain(const char *text)
{
    static const char *const plain_of[][2] = {{NARROW, " "}, {NARROW "Mrd.", " Mrd."}, {NARROW "Mio.", " Mio."},
                                              {NARROW "Tsd.", " Tsd."}, {NARROW "Md", " Md"}, {NARROW "M", " M"}, {NARROW "k", " k"}};
    for (unsigned i = 0; !paint_is_utf8() && i < sizeof plain_of / sizeof *plain_of; i++)
        if (strcmp(plain_of[i][0], text) == 0)
            return plain_of[i][1];
    return text;
}

bool locale_use(const char *name)
{
    const locale_form *best = NULL;
    for (unsigned i = 0; i < FORMS; i++)
        if (strcmp(forms[i].name, name) == 0)
            best = &forms[i];
    const bool known = best != NULL;
    for (unsigned i = 0; !best && i < FORMS; i++)
        if (strncmp(forms[i].name, name, 3) == 0 || (strlen(name) == 2 && strncmp(forms[i].name, name, 2) == 0))
            best = &forms[i];
    now = best ? *best : forms[0];
    now.thousands = plain(now.thousands);
    now.billion = plain(now.billion);
    now.million = plain(now.million);
    now.thousand = plain(now.thousand);
    return known || best != NULL;
}

const locale_form *locale_now(void)
{
    return &now;
}

/* How many characters of text are a number as the store writes them: 1,044,847 or 0.018; 0 when none stands here. */
static size_t number_at(const char *text)
{
    size_t length = strspn(text, "0123456789");
    if (length == 0)
        return 0;
    while (length <= 3 || text[length] == ',') {
        if (text[length] != ',' || strspn(text + length + 1, "0123456789") != 3)
            break;
        length += 4;
    }
    if (text[length] == '.' && isdigit((unsigned char)text[length + 1]))
        length += 1 + strspn(text + length + 1, "0123456789");
    return length;
}

const char *locale_words(const char *text, char *out, size_t size)
{
    size_t at = 0;
    bool in_word = false; /* the 2 of W206, and 2011-12-09, are no numbers to be written anew */
    out[0] = '\0';
    while (*text && at + 8 < size) {
        const size_t length = in_word ? 0 : number_at(text);
        for (size_t i = 0; i < length && at + 8 < size; i++)
            at += (size_t)snprintf(out + at, size - at, "%.*s", text[i] == ',' || text[i] == '.' ? 8 : 1,
                                   text[i] == ',' ? now.thousands : text[i] == '.' ? now.point : text + i);
        text += length;
        if (length)
            in_word = true;
        if (length || !*text)
            continue;
        in_word = isalnum((unsigned char)*text) || *text == '-' || *text == '_' || ((unsigned char)*text & 0x80);
        out[at++] = *text++;
        out[at] = '\0';
    }
    return out;
}

static const char *date(const char *day, bool with_year, char *out, size_t size)
{
    int y = 0, m = 0, d = 0;
    char year[16] = "";
    if (sscanf(day, "%4d-%2d-%2d", &y, &m, &d) != 3 || m < 1 || m > 12) {
        snprintf(out, size, "%s", day);
        return out;
    }
    if (with_year)
        snprintf(year, sizeof year, "%d", y);
    if (now.date == DATE_DAY_MONTH_WORD)
        snprintf(out, size, "%d %.3s%s%s", d, ptn_month_names[m - 1], with_year ? " " : "", year);
    else if (now.date == DATE_MONTH_WORD_DAY)
        snprintf(out, size, "%.3s %d%s%s", ptn_month_names[m - 1], d, with_year ? ", " : "", year);
    else if (now.date == DATE_DOTS)
        snprintf(out, size, "%d.%d.%s", d, m, year);
    else
        snprintf(out, size, "%02d/%02d%s%s", d, m, with_year ? "/" : "", year);
    return out;
}

const char *locale_day(const char *day, char *out, size_t size)
{
    return date(day, true, out, size);
}

const char *locale_short_day(const char *day, char *out, size_t size)
{
    return date(day, false, out, size);
}

const char *locale_month(const char *day, char *out, size_t size)
{
    int y = 0, m = 0;
    if (sscanf(day, "%4d-%2d", &y, &m) != 2 || m < 1 || m > 12)
        snprintf(out, size, "%s", day);
    else if (now.date == DATE_DOTS || now.date == DATE_SLASHES)
        snprintf(out, size, "%02d%s%d", m, now.date == DATE_DOTS ? "." : "/", y);
    else
        snprintf(out, size, "%.3s %d", ptn_month_names[m - 1], y);
    return out;
}
