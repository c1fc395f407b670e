/* The words of a status, which a caller who passes no patron_error has to say. */
#include "check.h"

#include "patron/status.h"

TEST(every_status_has_words_of_its_own)
{
    for (int i = PATRON_OK; i <= PATRON_ECANCELLED; i++) {
        const char *words = patron_status_text((patron_status)i);
        CHECK(strlen(words) > 0 && strcmp(words, "unknown status") != 0);
        for (int j = PATRON_OK; j < i; j++)
            CHECK(strcmp(words, patron_status_text((patron_status)j)) != 0);
    }
}

TEST(a_status_that_is_none_has_words_too)
{
    CHECK_STR(patron_status_text((patron_status)(PATRON_ECANCELLED + 1)), "unknown status");
}
