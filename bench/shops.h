/* The kinds of simulated customers that everything here is measured on: Pareto/NBD, times in days. */
#ifndef PTN_SHOPS_H
#define PTN_SHOPS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patron/forecast.h"

typedef struct shop {
    const char *name;
    double parameters[4];
    double youngest, oldest; /* ages, in days */
} shop;

static const shop shops[] = {
    {"weekly", {0.55, 74.2, 0.61, 81.9}, 27 * 7, 39 * 7}, /* like CDNOW's: 27 to 39 weeks of a few purchases */
    {"daily", {0.553, 74, 0.606, 82}, 1, 730},            /* the same people, come on any day of two years */
    {"dense", {1.5, 4.5, 0.6, 400}, 365, 1095},           /* about 127 purchases each: hardly two in one state */
};

static inline const shop *find_shop(const char *name)
{
    for (size_t i = 0; i < sizeof shops / sizeof *shops; i++)
        if (strcmp(shops[i].name, name) == 0)
            return &shops[i];
    fprintf(stderr, "no kind of customers \"%s\": weekly, daily or dense\n", name);
    exit(2);
}

static inline void must(patron_status status, const patron_error *err)
{
    if (status == PATRON_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static inline void *room_for(size_t n, size_t size)
{
    void *room = malloc(n * size + 1);
    if (room)
        return room;
    fprintf(stderr, "out of memory for %zu rows\n", n);
    exit(1);
}

#endif
