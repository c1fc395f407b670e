#ifndef PATRON_MANUAL_H
#define PATRON_MANUAL_H

void manual_print(void); /* patron(1), as roff, on stdout */

#endif
