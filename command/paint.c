#include "paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "locale.h"
#include "paint_table.h"

bool paint_is_terminal(FILE *file)
{
    const char *term = getenv("TERM");
    return isatty(fileno(file)) && !(term && strcmp(term, "dumb") == 0);
}

static bool always_utf8;

void paint_always_utf8(bool on)
{
    always_utf8 = on;
}

bool paint_is_utf8(void)
{
    if (always_utf8)
        return true;
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8") || strstr(value, "utf-8");
    }
    return false;
}

const char *paint_mark_text(FILE *file, paint_mark mark)
{
    static const char *const plain[] = {"ok", "!", "x", "-"};
    static const char *const fine[] = {"✓", "!", "✗", "–"};
    static const char *const coloured[] = {"\033[32m✓\033[0m", "\033[33m!\033[0m", "\033[31m✗\033[0m", "–"};
    if (!paint_is_utf8())
        return plain[mark];
    return paint_is_terminal(file) && !getenv("NO_COLOR") ? coloured[mark] : fine[mark];
}

const char *paint_symbol(const char *currency)
{
    static const char *const symbols[][2] = {{"GBP", "£"}, {"EUR", "€"}, {"USD", "$"}, {"JPY", "¥"}};
    for (unsigned i = 0; paint_is_utf8() && i < sizeof symbols / sizeof *symbols; i++)
        if (strcmp(symbols[i][0], currency) == 0)
            return symbols[i][1];
    return NULL;
}

const char *paint_minus(void)
{
    return paint_is_utf8() ? "−" : "-";
}

/* £8.4m, 8,4 Mio. €, CHF 120. */
static const char *with_currency(bool negative, const char *number, const char *scale, const char *currency, char *out, size_t size)
{
    const char *symbol = paint_symbol(currency);
    const char *sign = symbol ? symbol : currency;
    if (!currency[0])
        snprintf(out, size, "%s%s%s", negative ? paint_minus() : "", number, scale);
    else if (locale_now()->money_first)
        snprintf(out, size, "%s%s%s%s%s", negative ? paint_minus() : "", sign, symbol ? "" : " ", number, scale);
    else
        snprintf(out, size, "%s%s%s %s", negative ? paint_minus() : "", number, scale, sign);
    return out;
}

/* Copies decimal text, with what the locale puts between each three digits before the point. */
const char *paint_amount(const char *decimal, char *out, size_t size)
{
    const locale_form *form = locale_now();
    const bool negative = *decimal == '-';
    const char *digits = decimal + negative;
    const size_t whole = strcspn(digits, ".");
    size_t at = 0;
    out[0] = '\0';
    if (negative)
        at += (size_t)snprintf(out, size, "%s", paint_minus());
    for (size_t i = 0; digits[i] && at + 8 < size; i++) {
        if (i && i < whole && (whole - i) % 3 == 0)
            at += (size_t)snprintf(out + at, size - at, "%s", form->thousands);
        at += (size_t)snprintf(out + at, size - at, "%.*s", digits[i] == '.' ? 8 : 1, digits[i] == '.' ? form->point : digits + i);
    }
    return out;
}

const char *paint_cents(const char *decimal, const char *currency, char *out, size_t size)
{
    char number[64];
    const bool negative = *decimal == '-';
    paint_amount(decimal + negative, number, sizeof number);
    return with_currency(negative, number, "", currency, out, size);
}

const char *paint_count(int64_t value, char *out, size_t size)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    return paint_amount(digits, out, size);
}

const char *paint_money(double amount, const char *currency, int digits, char *out, size_t size)
{
    const locale_form *form = locale_now();
    const struct {
        double from, unit;
        const char *letter;
    } scales[] = {{1e9, 1e9, form->billion}, {1e6, 1e6, form->million}, {1e4, 1e3, form->thousand}, {0, 1, ""}};
    char number[64];
    const double size_of = fabs(amount);
    /* rounded first: 999,999 is 1.0m, not 1000k */
    const double step = size_of > 0 ? pow(10, floor(log10(size_of)) + 1 - digits) : 1;
    const double rounded = round(size_of / step) * step;
    unsigned s = 0;
    while (rounded < scales[s].from)
        s++;
    const double shown = rounded / scales[s].unit;
    const int before = shown < 10 ? 1 : shown < 100 ? 2 : 3;
    char plain[64];
    snprintf(plain, sizeof plain, "%.*f", scales[s].unit > 1 && digits > before ? digits - before : 0, shown);
    paint_amount(plain, number, sizeof number);
    return with_currency(amount < 0, number, scales[s].letter, currency, out, size);
}

const char *paint_estimate(double amount, const char *currency, char *out, size_t size)
{
    return paint_money(amount, currency, 2, out, size);
}

const char *paint_days(int days, char *out, size_t size)
{
    if (days == 365 || days == 366)
        snprintf(out, size, "a year");
    else if (days >= 730 && days % 365 <= days / 1460) /* leap days */
        snprintf(out, size, "%d years", days / 365);
    else if (days == 1 || days == 7)
        snprintf(out, size, "a %s", days == 1 ? "day" : "week");
    else if (days % 7 == 0)
        snprintf(out, size, "%d weeks", days / 7);
    else
        snprintf(out, size, "%d days", days);
    return out;
}

/* Wrapped on a terminal; a line of a log stays one. */
static void said(FILE *file, const char *first, int indent, const char *words)
{
    if (paint_is_terminal(file))
        paint_paragraph(file, first, indent, words);
    else
        fprintf(file, "%-*s%s\n", indent, first, words);
}

static void part(const char *label, const char *text)
{
    for (const char *line = text; *line;) {
        const size_t length = strcspn(line, "\n");
        char first[16], words[2048];
        snprintf(first, sizeof first, "  %-4s", line == text ? label : "");
        snprintf(words, sizeof words, "%.*s", (int)length, line);
        said(stderr, first, 7, words);
        line += length + (line[length] == '\n');
    }
}

void paint_problem(const ptn_problem *problem)
{
    fprintf(stderr, "error %s: %s\n", problem->code, problem->what);
    if (problem->where[0])
        said(stderr, "", 2, problem->where);
    for (const char *line = problem->excerpt; *line;) {
        const size_t length = strcspn(line, "\n");
        fprintf(stderr, "  %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    part("why", problem->why);
    part("so", problem->so);
    part("fix", problem->fix);
    part("more", problem->more);
}
