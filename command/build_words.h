#ifndef PATRON_BUILD_WORDS_H
#define PATRON_BUILD_WORDS_H

/* What a build says to people: a sentence a stage, and the lines at its end. */

#include "build.h"

void build_stage_words(const ptn_build_report *report, const char *stage, char *out, size_t size);

/* dir_words: " shop", the folder as it was given, or "". */
void build_print_end(const ptn_build_report *report, const char *currency, const char *dir_words);
void build_print_warnings(const ptn_warnings *warnings, const char *run_id, const char *dir_words);

/* "120 MB free, and this build needs about 150 MB". */
const char *build_room_words(const ptn_room *room, char *out, size_t size);

#endif
