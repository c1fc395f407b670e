#include "config_values.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "calendar.h"

/* Not <ctype.h>: what counts as a letter there depends on the locale. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

__attribute__((format(printf, 2, 3))) static bool refuse(ptn_why *why, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    why->instead[0] = '\0';
    return false;
}

/* ---- shares and rates ---- */

bool ptn_read_share(const char *text, double *out, ptn_why *why)
{
    /* Powers of ten up to 10^22 are exact doubles, and so are whole numbers of 15 digits: one division
     * then gives the double nearest to what is written. */
    static const double powers[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    const char *at = text;
    const bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    int64_t digits = 0;
    int significant = 0, written = 0, decimals = 0;
    bool point = false;
    for (; is_digit(*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        written++;
        decimals += point;
        significant += significant > 0 || *at != '0';
        if (significant > 15 || decimals > 15)
            return refuse(why, "it has more digits than a double can hold");
        digits = digits * 10 + (*at - '0');
    }
    const char *const after_number = at;
    at += strspn(at, " ");
    if (*at == '%') {
        decimals += 2;
        at++;
    }
    if (written == 0 || *at != '\0') {
        refuse(why, "expected a number such as 0.05, or 5%%");
        const size_t length = strlen(text);
        if (written > 0 && *after_number == ',' && !point && length < sizeof why->instead) {
            char pointed[sizeof why->instead];
            memcpy(pointed, text, length + 1);
            pointed[after_number - text] = '.';
            double ignored;
            ptn_why inner;
            if (ptn_read_share(pointed, &ignored, &inner))
                memcpy(why->instead, pointed, length + 1);
        }
        return false;
    }
    *out = (double)(negative ? -digits : digits) / powers[decimals];
    return true;
}

/* ---- days ---- */

bool ptn_read_day(const char *text, ptn_why *why)
{
    static const char shape[] = "dddd-dd-dd";
    bool fits = strlen(text) == sizeof shape - 1;
    for (size_t i = 0; fits && shape[i]; i++)
        fits = shape[i] == 'd' ? is_digit(text[i]) : text[i] == shape[i];
    if (!fits)
        return refuse(why, "expected a day as YYYY-MM-DD");
    int year, month, day;
    sscanf(text, "%4d-%2d-%2d", &year, &month, &day);
    if (year < 1900)
        return refuse(why, "expected a year from 1900 on");
    if (month < 1 || month > 12)
        return refuse(why, "there is no month %d", month);
    if (day < 1 || day > ptn_days_of_month(year, month))
        return refuse(why, "%s %d has days 1 to %d", ptn_month_names[month - 1], year, ptn_days_of_month(year, month));
    return true;
}

/* ---- periods ---- */

bool ptn_read_period(const char *text, ptn_period *out, ptn_why *why)
{
    static const struct unit {
        char letter;
        int days, months, most; /* a hundred years */
    } units[] = {{'d', 1, 0, 36525}, {'w', 7, 0, 5217}, {'m', 0, 1, 1200}, {'y', 0, 12, 100}};

    const char *at = text;
    int count = 0;
    while (is_digit(*at) && count < 100000)
        count = count * 10 + (*at++ - '0');
    const struct unit *unit = NULL;
    const char *const letter = at + strspn(at, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (to_lower(*letter) == units[i].letter)
            unit = &units[i];
    if (at == text || letter != at || !unit || *at != unit->letter || at[1] != '\0') {
        if (at > text && *letter == '\0')
            refuse(why, "expected a number and a unit: d days, w weeks, m months, y years");
        else
            refuse(why, "expected a whole number and one letter: d days, w weeks, m months, y years");
        /* "90 days", "1Y", "12 months" */
        if (at > text && unit && count >= 1 && count <= unit->most)
            snprintf(why->instead, sizeof why->instead, "%d%c", count, unit->letter);
        return false;
    }
    if (count < 1 || count > unit->most)
        return refuse(why, "expected 1%c to %d%c", unit->letter, unit->most, unit->letter);
    *out = (ptn_period){.days = count * unit->days, .months = count * unit->months};
    snprintf(out->text, sizeof out->text, "%d%c", count, unit->letter);
    return true;
}

double ptn_period_length(const ptn_period *period)
{
    return period->days + period->months * 30.436875; /* a year of 365.2425 days, by 12 */
}

/* ---- words ---- */

bool ptn_read_currency(const char *text, char out[4], ptn_why *why)
{
    bool upper = true, letters = strlen(text) == 3;
    for (const char *at = text; letters && *at; at++) {
        upper = upper && is_upper(*at);
        letters = is_upper(*at) || is_lower(*at);
    }
    if (letters && upper) {
        memcpy(out, text, 4);
        return true;
    }
    refuse(why, "expected the three capital letters of a currency, as in GBP, EUR or USD");
    if (letters) {
        for (int i = 0; i < 3; i++)
            why->instead[i] = to_upper(text[i]);
        why->instead[3] = '\0';
        return false;
    }
    static const struct {
        const char *sign, *code;
    } signs[] = {{"£", "GBP"}, {"€", "EUR"}, {"euro", "EUR"}, {"EURO", "EUR"}, {"Euro", "EUR"}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) /* $ is the sign of twenty currencies */
        if (strcmp(text, signs[i].sign) == 0)
            strcpy(why->instead, signs[i].code);
    return false;
}

bool ptn_read_locale(const char *text, char *out, size_t size, ptn_why *why)
{
    size_t language = 0, country = 0;
    while (is_lower(text[language]))
        language++;
    const char separator = text[language];
    if (separator == '_' || separator == '-')
        while (is_upper(text[language + 1 + country]))
            country++;
    const size_t length = language + (country > 0 ? 1 + country : 0);
    const bool fits = (language == 2 || language == 3) && (country == 0 || country == 2)
                      && text[length] == '\0' && length < size;
    if (fits && separator != '-') {
        memcpy(out, text, length + 1);
        return true;
    }
    refuse(why, "expected a language and a country, as in en_GB, de_DE or pt_BR");
    if (fits)
        snprintf(why->instead, sizeof why->instead, "%.*s_%s", (int)language, text, text + language + 1);
    return false;
}

bool ptn_read_identifier(const char *text, char out[PTN_WORD_MAX + 1], ptn_why *why)
{
    size_t length = 0;
    while (is_lower(text[length]) || is_upper(text[length]) || text[length] == '_'
           || (length > 0 && is_digit(text[length])))
        length++;
    if (length == 0 || text[length] != '\0')
        return refuse(why, "expected letters, digits and _, and no digit at the start");
    if (length > PTN_WORD_MAX)
        return refuse(why, "expected at most %d letters", PTN_WORD_MAX);
    memcpy(out, text, length + 1);
    return true;
}
