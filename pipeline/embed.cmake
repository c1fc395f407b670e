# Writes OUT, a C file with every pipeline/<n>_<stage>/<nn>_<step>.sql under ROOT (see engine/pipeline.h).
file(GLOB files RELATIVE ${ROOT} ${ROOT}/pipeline/*/*.sql)
list(SORT files COMPARE NATURAL) # 2_identify before 10_share
set(rows "")
foreach(path IN LISTS files)
    file(READ ${ROOT}/${path} sql)
    string(REPLACE "\\" "\\\\" sql "${sql}")
    string(REPLACE "\"" "\\\"" sql "${sql}")
    string(REPLACE "?" "\\?" sql "${sql}") # or strict C reads ??/ as a backslash
    string(REPLACE "\r" "\\r" sql "${sql}")
    string(REPLACE "\n" "\\n\"\n     \"" sql "${sql}")
    string(REGEX REPLACE "^pipeline/([0-9]+_)?([^/]*)/.*" "\\2" stage "${path}")
    string(REGEX REPLACE "^.*/([0-9]+_)?([^/]*)[.]sql$" "\\2" name "${path}")
    string(APPEND rows "    {\"${stage}\", \"${name}\", \"${path}\",\n     \"${sql}\"},\n")
endforeach()
list(LENGTH files count)
file(WRITE ${OUT} "/* Made by pipeline/embed.cmake. */
#include \"pipeline.h\"
#include <stddef.h>

const struct ptn_pipeline_step ptn_pipeline_steps[] = {
${rows}    {NULL, NULL, NULL, NULL},
};
const unsigned ptn_pipeline_step_count = ${count};
")
