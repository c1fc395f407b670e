#include "settings_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings.h"

/* ---- reading ---- */

static patron_status cannot_read(const char *path, int error, ptn_problem *problem)
{
    const bool missing = error == ENOENT || error == ENOTDIR;
    ptn_problem_set(problem, PATRON_EIO, "E106", missing ? "there is no %s" : "%s cannot be read", path);
    ptn_problem_where(problem, "%s", path);
    ptn_problem_why(problem, "%s", strerror(error));
    if (!missing)
        ptn_problem_fix(problem, "make it a file that you may read: ls -l %s", path);
    return PATRON_EIO;
}

patron_status ptn_settings_read_file(const char *path, char **text, size_t *length, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *buffer = NULL;
    /* Without waiting: somebody's named pipe would never answer. */
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0) {
        status = cannot_read(path, errno, problem);
        goto done;
    }
    if (!S_ISREG(about.st_mode)) {
        status = cannot_read(path, S_ISDIR(about.st_mode) ? EISDIR : EINVAL, problem);
        ptn_problem_why(problem, "it is %s", S_ISDIR(about.st_mode) ? "a folder" : "not a file");
        goto done;
    }
    /* One byte more than is allowed, so that the parser sees a file that is too large. */
    const size_t size = PTN_SETTINGS_BYTES_MAX + 1;
    size_t used = 0;
    buffer = malloc(size);
    if (!buffer) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    while (used < size) {
        const ssize_t got = read(file, buffer + used, size - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = cannot_read(path, errno, problem);
            goto done;
        }
        if (got == 0)
            break;
        used += (size_t)got;
    }
    *text = buffer;
    *length = used;
    buffer = NULL;
done:
    if (file >= 0)
        close(file);
    free(buffer);
    return status;
}

/* ---- characters and positions ---- */

/* Bytes of the UTF-8 character at `text`; 0 when overlong, surrogate, past U+10FFFF, cut off, or a control
 * one. */
static size_t plain_character(const unsigned char *text, size_t length)
{
    const unsigned char lead = text[0];
    if (lead < 0x80)
        return (lead >= ' ' && lead != 0x7F) || lead == '\t' || lead == '\n' || lead == '\r';
    const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || size > length)
        return 0;
    unsigned code = lead & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3Fu);
    }
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    return (code >= 0x80 && code < 0xA0 && code != 0x85) || code == 0xFFFE || code == 0xFFFF ? 0 : size;
}

size_t ptn_plain_text_length(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        const size_t size = plain_character((const unsigned char *)text + at, length - at);
        if (size == 0)
            break;
        at += size;
    }
    return at;
}

size_t ptn_byte_of_character(const char *text, size_t length, size_t index)
{
    size_t at = 0;
    for (; at < length; at++)
        if (!ptn_continues_character(text[at]) && index-- == 0)
            break;
    return at;
}

/* libyaml also ends lines at U+0085, U+2028 and U+2029; editors do not, so lines are counted here. */
void ptn_position_of_byte(const char *text, size_t byte, int *line, int *column)
{
    *line = *column = 1;
    for (size_t at = 0; at < byte; at++) {
        if (text[at] == '\n' || (text[at] == '\r' && text[at + 1] != '\n')) {
            (*line)++;
            *column = 1;
        } else if (!ptn_continues_character(text[at]))
            (*column)++;
    }
}

/* ---- what excerpts must not show ---- */

static bool starts_with(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

/* Where the secret on this line starts, or NULL: after `password=`, `token:` and the like, or after `://`. */
static const char *secret_start(const char *line, const char *end)
{
    static const char *const words[] = {"password", "passwd", "pwd", "secret", "token", "apikey", "_key"};
    const char *const at_sign = memrchr(line, '@', (size_t)(end - line));
    for (const char *at = line; at < end; at++) {
        if (at_sign && at < at_sign && starts_with(at, "://"))
            return at + 3;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (!starts_with(at, words[i]))
                continue;
            const char *after = at + strlen(words[i]);
            after += strspn(after, " \t\"'");
            if (after < end && (*after == '=' || *after == ':'))
                return after + 1;
        }
    }
    return NULL;
}

/* Stars everything from a secret to the end of its line, except spaces and ${NAME}: where a password ends
 * is a matter of three layers of quoting. */
char *ptn_copy_without_secrets(const char *text, size_t length)
{
    char *const copy = malloc(length + 1);
    if (!copy)
        return NULL;
    char *out = copy;
    const char *const stop = text + length;
    while (text < stop) {
        const char *const end = text + strcspn(text, "\r\n");
        const char *secret = secret_start(text, end);
        for (; text < end; text++) {
            if (!secret || text < secret || *text == ' ' || *text == '\t') {
                *out++ = *text;
            } else if (text[0] == '$' && text[1] == '{' && memchr(text, '}', (size_t)(end - text))) {
                while (*text != '}')
                    *out++ = *text++;
                *out++ = '}';
            } else if (!ptn_continues_character(*text)) {
                *out++ = '*';
            }
        }
        while (text < stop && (*text == '\r' || *text == '\n'))
            *out++ = *text++;
    }
    *out = '\0';
    return copy;
}
