#!/bin/sh
# footer.sh IN.so OUT.duckdb_extension VERSION PLATFORM
# Appends what DuckDB knows an extension by: 22 bytes that open the section, eight fields of 32 bytes (the last field
# first: three unused, ABI, our version, oldest C API it needs, platform, format) and 256 bytes without a signature.
set -eu
field() {
    printf %s "$1"
    head -c $((32 - ${#1})) /dev/zero
}
{
    cat "$1"
    printf '\000\223\004\020duckdb_signature\200\004'
    field ''; field ''; field ''
    field C_STRUCT; field "$3"; field v1.2.0; field "$4"; field 4
    head -c 256 /dev/zero
} > "$2.part"
mv "$2.part" "$2"
