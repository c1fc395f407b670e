#include "paint_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "locale.h"
#include "paint.h"

int paint_width(const char *text)
{
    int width = 0;
    for (; *text; text++) {
        if (*text == '\033') /* a colour takes no room */
            text += strcspn(text, "m");
        else
            width += ((unsigned char)*text & 0xC0) != 0x80;
        if (!*text)
            break;
    }
    return width;
}

static void pad(ptn_text *line, int width)
{
    for (; width > 0; width--)
        ptn_text_add(line, " ");
}

void paint_left(ptn_text *line, const char *text, int width)
{
    ptn_text_add(line, text);
    pad(line, width - paint_width(text));
}

void paint_right(ptn_text *line, const char *text, int width)
{
    pad(line, width - paint_width(text));
    ptn_text_add(line, text);
}

void paint_line(FILE *file, ptn_text *line)
{
    const char *text = ptn_text_str(line);
    size_t length = strlen(text);
    while (length && text[length - 1] == ' ')
        length--;
    fprintf(file, "%.*s\n", (int)length, text);
    ptn_text_clear(line);
}

const char *paint_decimal(double value, int decimals, char *out, size_t size)
{
    char digits[64];
    snprintf(digits, sizeof digits, "%.*f", decimals, value);
    return paint_amount(digits, out, size);
}

const char *paint_miss(double share, char *out, size_t size)
{
    const double percent = fabs(100 * share);
    char digits[40];
    if (!isfinite(share))
        out[0] = 0;
    else
        snprintf(out, size, "%s%s %%", share < 0 ? paint_minus() : "+",
                 paint_decimal(fmin(percent, 999), percent < 9.95 ? 1 : 0, digits, sizeof digits));
    return out;
}

const char *paint_day(const char *day, char *out, size_t size)
{
    return locale_day(day, out, size);
}

int paint_columns(FILE *file)
{
    struct winsize window;
    if (!paint_is_terminal(file) || ioctl(fileno(file), TIOCGWINSZ, &window) != 0 || window.ws_col < 80)
        return 80;
    return window.ws_col < 100 ? window.ws_col : 100;
}

enum { KEPT = '\037' }; /* a space at which no line ends */

void paint_command(ptn_text *text, const char *format, ...)
{
    va_list arguments;
    char *command = NULL;
    va_start(arguments, format);
    if (vasprintf(&command, format, arguments) < 0)
        command = NULL;
    va_end(arguments);
    for (char *c = command; c && *c; c++)
        *c = *c == ' ' ? KEPT : *c;
    ptn_text_add(text, command ? command : "");
    free(command);
}

void paint_paragraph(FILE *file, const char *first, int indent, const char *text)
{
    const int columns = paint_columns(file);
    ptn_text line = {0};
    paint_left(&line, first, indent);
    int at = indent;
    while (*text) {
        const size_t length = strcspn(text, " ");
        ptn_text piece = {0}; /* a command may be longer than a line */
        ptn_text_addn(&piece, text, length);
        for (size_t i = 0; i < piece.length; i++)
            piece.data[i] = piece.data[i] == KEPT ? ' ' : piece.data[i];
        const int width = paint_width(ptn_text_str(&piece));
        if (at > indent && at + 1 + width > columns) {
            paint_line(file, &line);
            paint_left(&line, "", indent);
            at = indent;
        }
        ptn_text_addf(&line, "%s%s", at > indent ? " " : "", ptn_text_str(&piece));
        at += width + (at > indent);
        ptn_text_free(&piece);
        text += length + (text[length] == ' ');
    }
    paint_line(file, &line);
    ptn_text_free(&line);
}
