/* What builds were seen to take: bytes of the files, of the new store with its log, and of what was spilt, by the memory for SQL. */
#include "check.h"

#include "room.h"

static const struct {
    double to_read, memory, taken;
} seen[] = {
    {46.7e6, 6.6e9, 49.6e6},        /* a million lines as CSV */
    {191.4e6, 6.6e9, 169.9e6},      /* four */
    {191.4e6, 1.074e9, 538e6},      /* with 1 GiB for SQL */
    {388.2e6, 1.074e9, 823e6},      /* eight */
    {5 * 12.0e6, 6.6e9, 51.4e6},    /* a million as Parquet, 12 MB */
    {5 * 6.0e6, 6.6e9, 34.7e6},     /* examples/online-retail */
    {42, 6.6e9, 5.8e6},             /* one line */
};

TEST(what_is_said_is_enough_and_not_twice_too_much)
{
    for (unsigned i = 0; i < sizeof seen / sizeof *seen; i++) {
        const double need = ptn_room_need(0, seen[i].to_read, false, 0, seen[i].memory);
        if (!(need >= seen[i].taken && need < 2.2 * seen[i].taken))
            print_error("%g bytes to read: %g said, %g taken\n", seen[i].to_read, need, seen[i].taken);
        CHECK(need >= seen[i].taken && need < 2.2 * seen[i].taken);
    }
}

TEST(a_copy_needs_what_is_new_and_what_is_written_again)
{
    const double store = 31.5e6; /* examples/online-retail: --from value made 38.5 of it */
    const double need = ptn_room_need(store, 0, true, 0, 6.6e9);
    CHECK(need >= 38.5e6 && need < 45e6);
    CHECK_NEAR(ptn_room_need(store, 10e6, true, 0, 6.6e9) - need, 11e6, 1);
}

TEST(what_a_stopped_build_left_is_there_already)
{
    const double all = ptn_room_need(0, 100e6, false, 0, 6.6e9);
    CHECK_NEAR(ptn_room_need(0, 100e6, false, 60e6, 6.6e9), all - 60e6, 1);
    CHECK(ptn_room_need(0, 100e6, false, 500e6, 6.6e9) == 0);
}

TEST(too_little_is_only_what_cannot_do)
{
    const ptn_project project = {.state_dir = (char *)"/shop/.patron"};
    ptn_room room = {.need = 100e6, .least = 4e6, .free = 50e6};
    ptn_problem problem = {0};
    CHECK(ptn_room_is_tight(&room));
    CHECK_EQ_INT(ptn_room_check(&room, &project, &problem), PATRON_OK);
    room.free = 3.4e6;
    CHECK_EQ_INT(ptn_room_check(&room, &project, &problem), PATRON_EIO);
    CHECK_STR(problem.code, "E403");
    CHECK_STR(problem.where, "/shop/.patron");
    CHECK_STR(problem.why, "3 MB free, and the new store alone takes 4 MB");
    CHECK_STR(problem.fix, "free 1 MB or more there, or move the project to a larger disk");
    room.free = -1; /* not known */
    CHECK(!ptn_room_is_tight(&room));
    CHECK_EQ_INT(ptn_room_check(&room, &project, &problem), PATRON_OK);
}
