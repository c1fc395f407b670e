#ifndef PATRON_SHOW_CARD_H
#define PATRON_SHOW_CARD_H

/* A person's card on a terminal, and as JSON. What was and what is expected never share a line. */

#include "card.h"
#include "text.h"

typedef struct show_parts {
    bool timeline, why_identity, why_value;
    const char *dir_words; /* " shop", the folder as it was given, or "": for commands in messages */
    double discount_rate;  /* a year; NaN: a curve, or not known */
} show_parts;

void show_card(const ptn_card *card, const show_parts *parts);
void show_timeline(const ptn_card *card);
void show_why_identity(const ptn_card *card);
void show_why_value(const ptn_card *card, const show_parts *parts);
void show_json(const ptn_card *card, const show_parts *parts);

/* What an event was about, as the terminal can show it: −2 × 84078A. */
void show_what(const char *what, ptn_text *out);

/* "7 in 10", "under 1 in 20", "over 19 in 20". */
const char *show_chance(double chance, char *out, size_t size);

/* "sales after returns", "after costs", "at the margin assumed". */
const char *show_kind(const ptn_card *card);

#endif
