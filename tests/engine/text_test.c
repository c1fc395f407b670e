/* Text that is cut to a field is cut between characters. */
#include "check.h"
#include "text.h"

TEST(text_copy_cuts_between_characters)
{
    static const struct {
        const char *from, *in_six; /* five bytes fit */
    } cases[] = {
        {NULL, ""}, {"", ""}, {"abcde", "abcde"}, {"abcdef", "abcde"},
        {"abcé", "abcé"}, {"abcdé", "abcd"}, {"abcdéf", "abcd"},
        {"ab…", "ab…"}, {"abc…", "abc"}, {"abcd…", "abcd"},
        {"a😀", "a😀"}, {"ab😀", "ab"}, {"abc😀", "abc"}, {"abcd😀", "abcd"},
        {"éé😀", "éé"}, {"\x80\x80\x80\x80\x80\x80", "\x80\x80\x80\x80\x80"}, /* no character at all: what was given */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[6];
        ptn_text_copy(out, sizeof out, cases[i].from);
        CHECK_STR(out, cases[i].in_six);
    }
}
