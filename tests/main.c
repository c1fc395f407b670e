/* The main of every test program; see check.h. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

/* cmocka catches SIGSEGV and would hide the sanitizer's stack: do not let it. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "handle_segv=2:handle_sigbus=2:handle_sigfpe=2:detect_stack_use_after_return=1";
}

const char *__ubsan_default_options(void);
__attribute__((visibility("default"))) const char *__ubsan_default_options(void)
{
    return "print_stacktrace=1";
}

static struct CMUnitTest *tests;
static size_t test_count, test_room;

void check_register(const char *name, CMUnitTestFunction run)
{
    if (test_count == test_room) {
        test_room = test_room ? 2 * test_room : 64;
        tests = realloc(tests, test_room * sizeof *tests);
        if (!tests)
            abort();
    }
    tests[test_count++] = (struct CMUnitTest){.name = name, .test_func = run};
}

void check_failed(const char *text, const char *file, int line)
{
    print_error("%s:%d: not true: %s\n", file, line, text);
    _fail(file, line);
}

void check_near(double value, double expected, double tolerance, const char *text, const char *file, int line)
{
    if (value == expected || fabs(value - expected) <= tolerance)
        return;
    print_error("%s:%d: %s\n    is       %.17g\n    expected %.17g\n    differs by %.3g, allowed %.3g\n",
                file, line, text, value, expected, fabs(value - expected), tolerance);
    _fail(file, line);
}

void check_int(intmax_t value, intmax_t expected, const char *text, const char *file, int line)
{
    if (value == expected)
        return;
    print_error("%s:%d: %s\n    is       %jd\n    expected %jd\n", file, line, text, value, expected);
    _fail(file, line);
}

void check_str(const char *value, const char *expected, const char *text, const char *file, int line)
{
    if (value == expected || (value && expected && strcmp(value, expected) == 0))
        return;
    print_error("%s:%d: %s\n    is       %s%s%s\n    expected %s%s%s\n", file, line, text, value ? "\"" : "",
                value ? value : "NULL", value ? "\"" : "", expected ? "\"" : "", expected ? expected : "NULL",
                expected ? "\"" : "");
    _fail(file, line);
}

/* Registration order is the linker's (the file's order); the word selects cases, or the whole program by its path. */
int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* cases before a crash are counted by script/test */
    const char *word = argc > 1 ? argv[1] : getenv("PATRON_TEST");
    if (word && *word && !(argc < 2 && strstr(argv[0], word))) {
        size_t kept = 0;
        for (size_t i = 0; i < test_count; i++)
            if (strstr(tests[i].name, word))
                tests[kept++] = tests[i];
        test_count = kept;
    }
    const int failed = test_count ? _cmocka_run_group_tests(argv[0], tests, test_count, NULL, NULL) : 0;
    free(tests);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
