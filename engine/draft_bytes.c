/* Signatures at the start of a file; for text, whether all of it is UTF-8. */
#include "draft_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART = 1 << 20 };

static ptn_bytes_kind signature(const unsigned char *b, size_t n)
{
    if (n == 0)
        return PTN_BYTES_EMPTY;
    if (n >= 4 && memcmp(b, "PAR1", 4) == 0)
        return PTN_BYTES_PARQUET;
    if (n >= 4 && memcmp(b, "PK\3\4", 4) == 0)
        return PTN_BYTES_EXCEL;
    if (n >= 4 && memcmp(b, "\xD0\xCF\x11\xE0", 4) == 0)
        return PTN_BYTES_OLD_EXCEL;
    if (n >= 16 && memcmp(b, "SQLite format 3", 16) == 0)
        return PTN_BYTES_SQLITE;
    if (n >= 12 && memcmp(b + 8, "DUCK", 4) == 0)
        return PTN_BYTES_DUCKDB;
    if (n >= 4 && (memcmp(b, "\x1F\x8B", 2) == 0 || memcmp(b, "\x28\xB5\x2F\xFD", 4) == 0))
        return PTN_BYTES_PACKED;
    size_t at = n >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < n && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t'))
        at++;
    if (at + 1 < n && (b[at] == '{' || (b[at] == '[' && (b[at + 1] == '{' || b[at + 1] == '\n' || b[at + 1] == '\r' || b[at + 1] == ' '))))
        return PTN_BYTES_JSON;
    return PTN_BYTES_TEXT;
}

typedef struct walk {
    int more;               /* bytes that the character begun still needs */
    unsigned low, high;     /* what the next of them may be */
    bool broken;            /* not UTF-8 */
    int64_t line, controls, zeros;
} walk;

/* One byte further; `out` collects what matters of the text. */
static void step(walk *w, unsigned char b, ptn_bytes *out)
{
    w->line = b == '\n' ? 0 : w->line + 1;
    if (w->line > out->longest_line)
        out->longest_line = w->line;
    out->quotes |= b == '"';
    w->zeros += b == 0;
    w->controls += b < 9 || (b > 13 && b < 32);
    out->odd_bytes += b >= 0x80 && b <= 0x9F;
    if (w->broken)
        return;
    if (w->more) {
        w->broken = b < w->low || b > w->high;
        w->low = 0x80;
        w->high = 0xBF;
        w->more--;
        return;
    }
    w->low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    w->high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    w->more = b < 0x80 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    w->broken = (b >= 0x80 && b < 0xC2) || b > 0xF4;
}

static patron_status unreadable(ptn_problem *problem, const char *shown)
{
    const int reason = errno;
    ptn_problem_set(problem, PATRON_EIO, "E520", "%s cannot be read", shown);
    ptn_problem_why(problem, "%s", strerror(reason));
    return PATRON_EIO;
}

patron_status ptn_bytes_look(const char *path, const char *shown, ptn_bytes *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    walk w = {0};
    struct stat about;
    unsigned char *part = malloc(PART);
    const int file = part ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = 0;
    *out = (ptn_bytes){.encoding = "utf-8"};
    if (!part) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    if (file < 0 || fstat(file, &about) != 0 || (n = read(file, part, PART)) < 0) {
        status = unreadable(problem, shown);
        goto done;
    }
    out->size = about.st_size;
    out->kind = signature(part, (size_t)n);
    if (n >= 2 && (memcmp(part, "\xFF\xFE", 2) == 0 || memcmp(part, "\xFE\xFF", 2) == 0)) {
        out->encoding = "utf-16";
        goto done;
    }
    if (out->kind != PTN_BYTES_TEXT && out->kind != PTN_BYTES_JSON)
        goto done;
    for (; n > 0; n = read(file, part, PART))
        for (ssize_t i = 0; i < n; i++)
            step(&w, part[i], out);
    if (n < 0) {
        status = unreadable(problem, shown);
        goto done;
    }
    if (w.zeros || w.controls > out->size / 100)
        out->kind = PTN_BYTES_OTHER;
    else if (w.broken || w.more)
        out->encoding = "latin-1";

done:
    if (file >= 0)
        close(file);
    free(part);
    return status;
}
