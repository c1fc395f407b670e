#ifndef PTN_SETTINGS_TEXT_H
#define PTN_SETTINGS_TEXT_H

/* The text of a settings file before YAML: reading it, finding one's way in it, showing it. */

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

/* A whole file; E106 when it is missing or cannot be read. Never more than one byte beyond
 * PTN_SETTINGS_BYTES_MAX: ptn_settings_open refuses that. The caller frees *text, untouched after a fault. */
patron_status ptn_settings_read_file(const char *path, char **text, size_t *length, ptn_problem *problem);

/* How many bytes from the start are UTF-8 without control characters (tabs and line ends are fine). */
size_t ptn_plain_text_length(const char *text, size_t length);

static inline bool ptn_continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* `text` ends with NUL and is UTF-8. Characters and bytes count from 0, lines and columns from 1. */
size_t ptn_byte_of_character(const char *text, size_t length, size_t index);
void ptn_position_of_byte(const char *text, size_t byte, int *line, int *column);

/* A copy, character for character, with passwords starred: excerpts end up in chats and tickets. NULL: no
 * memory. */
char *ptn_copy_without_secrets(const char *text, size_t length);

#endif
