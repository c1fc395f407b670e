#ifndef PTN_CALENDAR_H
#define PTN_CALENDAR_H

/* The months of the calendar, from 0 where they index and from 1 where they are told. */

extern const char *const ptn_month_names[12];

int ptn_days_of_month(int year, int month); /* month: 1 to 12 */

#endif
