# Writes OUT, a C file with PAGE, the page of `patron report` (see engine/report.h).
file(READ ${PAGE} page)
string(REGEX MATCHALL "\"__PATRON_REPORT__\"" places "${page}")
list(LENGTH places count)
if(NOT count EQUAL 1)
    message(FATAL_ERROR "${PAGE} has ${count} places for its data, not one: build it anew (web/README.md)")
endif()
string(REPLACE "\\" "\\\\" page "${page}")
string(REPLACE "\"" "\\\"" page "${page}")
string(REPLACE "?" "\\?" page "${page}") # or strict C reads ??/ as a backslash
string(REPLACE "\r" "\\r" page "${page}")
string(REPLACE "\n" "\\n\"\n    \"" page "${page}")
file(WRITE ${OUT} "/* Made by web/embed.cmake. */
extern const char ptn_report_page[];
extern const unsigned long ptn_report_page_length;

const char ptn_report_page[] =
    \"${page}\";
const unsigned long ptn_report_page_length = sizeof ptn_report_page - 1;
")
