#ifndef PTN_TEXT_H
#define PTN_TEXT_H

/* A growing string, and quoting for SQL and the shell. Zero-initialise, append, free. When memory runs out `failed` is set, later
 * appends do nothing, and ptn_text_str() still returns a valid (shorter) string: check `failed` once, at the end. */

#include <stdbool.h>
#include <stddef.h>

typedef struct ptn_text {
    char *data;
    size_t length, capacity;
    bool failed;
} ptn_text;

void ptn_text_add(ptn_text *text, const char *string);
void ptn_text_addn(ptn_text *text, const char *string, size_t length);
void ptn_text_addf(ptn_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ptn_text_add_ident(ptn_text *text, const char *name);    /* "name", quotes doubled */
void ptn_text_add_literal(ptn_text *text, const char *value); /* 'value', quotes doubled; NULL gives NULL */
void ptn_text_copy(char *out, size_t size, const char *from); /* cut between characters to what fits; NULL gives "" */
void ptn_text_whole(char *text);                              /* drops a character that was cut at the end */
void ptn_text_add_shell_word(ptn_text *text, const char *word); /* as it stands, or 'quoted' where a shell needs it */
size_t ptn_text_bytes(const char *text, size_t characters); /* how many bytes its first characters take */
char *ptn_text_path(const char *dir, const char *name); /* dir/name; the caller frees; NULL when memory runs out */
const char *ptn_text_str(const ptn_text *text);               /* never NULL */
void ptn_text_clear(ptn_text *text);
void ptn_text_free(ptn_text *text);

#endif
