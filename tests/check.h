/* A thin layer over cmocka. A test file is tests/<kind>/<name>_test.c and needs no main:
 *
 *     #include "check.h"
 *     TEST(gamma_of_a_half_is_root_pi) { CHECK_REL(tgamma(0.5), 1.7724538509055160, 1e-15); }
 *
 * It is built as build-debug/tests/<kind>/<name>_test; a word as its argument runs only the cases with that word in
 * their name. Tests run in the root of the source tree. */
#ifndef PTN_CHECK_H
#define PTN_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

void check_register(const char *name, CMUnitTestFunction run);
void check_near(double value, double expected, double tolerance, const char *text, const char *file,
                int line);
void check_int(intmax_t value, intmax_t expected, const char *text, const char *file, int line);
void check_str(const char *value, const char *expected, const char *text, const char *file, int line);
void check_failed(const char *text, const char *file, int line);

#define TEST(name)                                                                                           \
    static void name(void);                                                                                  \
    static void name##_run(void **state)                                                                     \
    {                                                                                                        \
        (void)state;                                                                                         \
        name();                                                                                              \
    }                                                                                                        \
    __attribute__((constructor)) static void name##_register(void)                                           \
    {                                                                                                        \
        check_register(#name, name##_run);                                                                   \
    }                                                                                                        \
    static void name(void)

#define CHECK(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

/* |value - expected| <= abs_tol. NaN and a wrong infinity never pass; equal infinities do. */
#define CHECK_NEAR(value, expected, abs_tol)                                                                 \
    check_near((value), (expected), (abs_tol), #value, __FILE__, __LINE__)

/* |value - expected| <= rel_tol |expected| */
#define CHECK_REL(value, expected, rel_tol)                                                                  \
    check_near((value), (expected), (rel_tol)*fabs(expected), #value, __FILE__, __LINE__)

/* The value rounds to what was printed with so many decimals: within half a unit of the last one (and a few ulp,
 * as a tie like 0.5 is not exact in binary). */
#define CHECK_PRINTED(value, printed, decimals)                                                              \
    check_near((value), (printed), 0.5 * pow(10, -(decimals)) + 4e-16 * fabs(printed), #value, __FILE__,     \
               __LINE__)

#define CHECK_EQ_INT(value, expected)                                                                        \
    check_int((intmax_t)(value), (intmax_t)(expected), #value, __FILE__, __LINE__)

#define CHECK_STR(value, expected) check_str((value), (expected), #value, __FILE__, __LINE__)

#endif
