#include "text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `extra` more bytes and the final NUL. */
static bool reserve(ptn_text *text, size_t extra)
{
    if (text->failed)
        return false;
    if (extra >= SIZE_MAX / 2 - text->length) {
        text->failed = true;
        return false;
    }
    const size_t wanted = text->length + extra + 1;
    if (wanted <= text->capacity)
        return true;
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < wanted)
        capacity *= 2;
    char *const data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void ptn_text_add(ptn_text *text, const char *string)
{
    ptn_text_addn(text, string, strlen(string));
}

void ptn_text_addn(ptn_text *text, const char *string, size_t length)
{
    if (!reserve(text, length))
        return;
    if (length > 0) /* a NULL string of length 0 is fine for callers, but not for memcpy */
        memcpy(text->data + text->length, string, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void ptn_text_addf(ptn_text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0)
        text->failed = true;
    else if (reserve(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

static void add_quoted(ptn_text *text, const char *string, char quote)
{
    size_t quotes = 0;
    for (const char *at = string; *at; at++)
        quotes += *at == quote;
    /* All or nothing: a half-quoted name in a shorter string would be a different statement. */
    if (!reserve(text, strlen(string) + quotes + 2))
        return;
    char *out = text->data + text->length;
    *out++ = quote;
    for (const char *at = string; *at; at++) {
        if (*at == quote)
            *out++ = quote;
        *out++ = *at;
    }
    *out++ = quote;
    *out = '\0';
    text->length = (size_t)(out - text->data);
}

void ptn_text_add_ident(ptn_text *text, const char *name)
{
    add_quoted(text, name, '"');
}

void ptn_text_add_literal(ptn_text *text, const char *value)
{
    if (value)
        add_quoted(text, value, '\'');
    else
        ptn_text_add(text, "NULL");
}

/* POSIX: within single quotes all stands for itself but the quote, which is written between two such strings: 'o'\''brien'. */
void ptn_text_add_shell_word(ptn_text *text, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    ptn_text quoted = {0};
    bool needed = word[0] == '\0';
    ptn_text_add(&quoted, "'");
    for (const char *at = word; *at; at++) {
        needed |= (unsigned char)*at < 0x80 && !strchr(plain, *at);
        ptn_text_addn(&quoted, *at == '\'' ? "'\\''" : at, *at == '\'' ? 4 : 1);
    }
    ptn_text_add(&quoted, "'");
    text->failed |= quoted.failed;
    ptn_text_add(text, needed ? ptn_text_str(&quoted) : word);
    ptn_text_free(&quoted);
}

size_t ptn_text_bytes(const char *text, size_t characters)
{
    const char *at = text;
    while (*at && (characters > 0 || ((unsigned char)*at & 0xC0) == 0x80)) {
        characters -= ((unsigned char)*at & 0xC0) != 0x80;
        at++;
    }
    return (size_t)(at - text);
}

void ptn_text_whole(char *text)
{
    size_t start = strlen(text), cut = 0;
    while (start > 0 && cut < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
        cut++;
    }
    if (start == 0)
        return;
    const unsigned char lead = (unsigned char)text[start - 1];
    const size_t follow = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (cut < follow)
        text[start - 1] = '\0';
}

void ptn_text_copy(char *out, size_t size, const char *from)
{
    const int wanted = snprintf(out, size, "%s", from ? from : "");
    if (wanted < 0 || (size_t)wanted >= size)
        ptn_text_whole(out);
}

char *ptn_text_path(const char *dir, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

const char *ptn_text_str(const ptn_text *text)
{
    return text->data ? text->data : "";
}

void ptn_text_clear(ptn_text *text)
{
    text->length = 0;
    text->failed = false;
    if (text->data)
        text->data[0] = '\0';
}

void ptn_text_free(ptn_text *text)
{
    if (!text)
        return;
    free(text->data);
    *text = (ptn_text){0};
}
