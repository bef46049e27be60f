"""Pure decisions of hosting."""

from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from yitong.hosting import rules

deaths = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).map(sorted)


@given(deaths)
def test_three_deaths_within_a_minute_stop_the_node_and_fewer_never_do(at):
    within_a_minute = [one for one in at if at[-1] - one < 60]
    assert (rules.restart_delay(at) is None) == (len(within_a_minute) >= 3)


@given(deaths)
def test_a_wait_before_a_restart_is_between_half_a_second_and_thirty(at):
    delay = rules.restart_delay(at)
    assert delay is None or 0.5 <= delay <= 30


@given(deaths, st.integers(60, 599))
def test_one_more_recent_death_never_shortens_the_wait(at, pause):
    """As long as the earlier deaths are all still remembered."""
    recent = [one for one in at if at[-1] - one < 600 - pause]
    before, after = rules.restart_delay(recent), rules.restart_delay([*recent, recent[-1] + pause])
    assert after is not None
    assert before is None or after >= before


def test_old_deaths_are_forgotten():
    assert rules.restart_delay([0, 100, 200, 300, 10_000]) == rules.restart_delay([10_000])


def test_the_major_version_is_read_from_what_programs_and_data_say():
    assert rules.major("postgres (PostgreSQL) 18.6") == 18
    assert rules.major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)") == 15
    assert rules.major("15\n".strip()) == 15
    assert rules.major("19beta2") == 19


def test_a_socket_path_of_107_bytes_fits_and_one_more_does_not():
    name = len("/.s.PGSQL.5432")
    assert rules.socket_fits(PurePosixPath("/" + "a" * (106 - name)))
    assert not rules.socket_fits(PurePosixPath("/" + "a" * (107 - name)))
    assert not rules.socket_fits(PurePosixPath("/" + "一" * 35)), "bytes count, not characters"


def test_no_transaction_of_ours_outlives_thirty_seconds():
    assert rules.role_timeouts(18) == {"transaction_timeout": "30s"}
    assert rules.role_timeouts(17) == {"transaction_timeout": "30s"}
    assert set(rules.role_timeouts(16)) == {
        "statement_timeout",
        "idle_in_transaction_session_timeout",
    }


def test_the_log_takes_no_statement_no_parameter_and_no_quoted_value():
    options = rules.server_options(18, durable=True)
    assert options["log_statement"] == "none"
    assert options["log_min_error_statement"] == "panic"
    assert options["log_parameter_max_length_on_error"] == "0"
    assert options["log_error_verbosity"] == "terse"
    assert options["log_min_messages"] == "log"


def test_only_a_test_server_gives_durability_up():
    assert "fsync" not in rules.server_options(18, durable=True)
    assert rules.server_options(18, durable=False)["fsync"] == "off"


def test_a_quote_in_a_setting_cannot_end_it():
    assert rules.configuration({"a": "it's"}) == "a = 'it''s'\n"
