"""Settings: what the sample says, what the environment overrides, and what every mistake is answered."""

from datetime import time, timedelta
from pathlib import Path

import pytest
import tomlkit

from bot.config import BadSettings, Problem, Settings, load, shown

SAMPLE = Path(__file__).parents[2] / "bot.toml"


def problems(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> list[Problem]:
    file = tmp_path / "bot.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadSettings) as caught:
        load(file, env or {})
    return [
        Problem(problem.where.replace(f"{tmp_path}/", ""), problem.what, problem.cure)
        for problem in caught.value.problems
    ]


def test_the_sample_works_as_it_is_and_says_the_defaults() -> None:
    assert load(SAMPLE, {}) == Settings.model_validate({})


def test_the_environment_wins_over_the_file() -> None:
    env = {
        "SPEAN_WEB__PORT": "9000",
        "SPEAN_WEB__TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2",
        "SPEAN_BOT__QUIET_HOURS": "21:30-06:00",
        "SPEAN_TELEGRAM__ENABLED": "true",
        "SPEAN_TELEGRAM__TOKEN": "7001:planted",
        "UNRELATED": "x",
    }
    settings = load(SAMPLE, env)
    assert settings.web.port == 9000
    assert settings.web.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.bot.quiet_hours == (time(21, 30), time(6))
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == "7001:planted"


def test_a_centre_promises_an_answer_in_its_own_time(tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text('[[centre]]\nid = "pursat"\nprovince = "15"\nanswer_within = "24h"\n', "utf-8")
    assert load(file, {}).centre[0].answer_within == timedelta(hours=24)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("7001:planted\n", "utf-8")
    env = {"SPEAN_TELEGRAM__ENABLED": "true", "SPEAN_TELEGRAM__TOKEN_FILE": str(tmp_path / "token")}
    token = load(SAMPLE, env).telegram.token
    assert token is not None
    assert token.get_secret_value() == "7001:planted"


@pytest.mark.parametrize(
    ("env", "sample"),
    [
        ({}, True),
        ({"SPEAN_WEB__HOST": "localhost"}, True),
        ({"SPEAN_WEB__HOST": "::1"}, True),
        ({"SPEAN_WEB__HOST": "0.0.0.0"}, False),  # noqa: S104 - nothing is bound
        ({"SPEAN_WEB__HOST": "::"}, False),
        ({"SPEAN_WEB__HOST": "spean.example.org"}, False),
        ({"SPEAN_WEB__PUBLIC_URL": "https://spean.example.org"}, False),
        ({"SPEAN_TELEGRAM__ENABLED": "true", "SPEAN_TELEGRAM__TOKEN": "7001:abc"}, False),
    ],
)
def test_a_sample_is_what_nobody_elses_machine_can_open(env: dict[str, str], *, sample: bool) -> None:
    assert load(SAMPLE, env).sample is sample


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    env = {
        "SPEAN_TELEGRAM__TOKEN": "7001:planted",
        "SPEAN_TELEGRAM__WEBHOOK_SECRET": "planted-secret",
        "SPEAN_STORAGE__URL": "postgresql+psycopg://spean:planted@db/spean",
    }
    settings = load(SAMPLE, env)
    for text in (repr(settings), str(settings), str(shown(settings))):
        assert "planted" not in text
    assert shown(settings)["storage"]["url"] == "postgresql+psycopg://spean:***@db/spean"
    assert shown(settings)["telegram"]["token"] == "***"
    bad = problems(tmp_path, '[telegram]\ntoken = "planted!"\n[storage]\nurl = "mysql://planted"\n')
    assert "planted" not in str(bad)


def test_what_is_shown_can_be_read_back(tmp_path: Path) -> None:
    settings = load(
        SAMPLE, {"SPEAN_WEB__PUBLIC_URL": "https://spean.example.org/", "SPEAN_TELEGRAM__MODE": "webhook"}
    )
    copy = tmp_path / "copy.toml"
    copy.write_text(tomlkit.dumps(shown(settings)), "utf-8")
    assert load(copy, {}) == settings


def test_a_missing_file_says_where_to_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as caught:
        load(tmp_path / "none.toml", {})
    assert caught.value.problems == (
        Problem(
            str(tmp_path / "none.toml"),
            "there is no such file",
            "start Spean in the folder that holds bot.toml, or name the file with --config FILE",
        ),
    )


def test_broken_toml_names_its_line(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, '[bot]\nname = "x"\nname\n')
    assert found.where == "bot.toml"
    assert "line 3" in found.what


def test_an_unknown_key_names_its_line_and_the_key_that_was_meant(tmp_path: Path) -> None:
    assert problems(tmp_path, "[web]\nport = 1\nprot = 8080\n") == [
        Problem("bot.toml, line 3: [web] prot", "unknown key", "did you mean port?")
    ]


def test_an_unknown_section_and_an_unknown_variable(tmp_path: Path) -> None:
    assert problems(tmp_path, "[telgram]\n", {"SPEAN_WBE__PORT": "1", "SPEAN_WEB__PROT": "2"}) == [
        Problem("SPEAN_WBE__PORT", "unknown section", "did you mean WEB?"),
        Problem("SPEAN_WEB__PROT", "unknown key", "did you mean port?"),
        Problem("bot.toml, line 1: [telgram]", "unknown section", "did you mean telegram?"),
    ]


def test_a_missing_secret_names_all_its_places(tmp_path: Path) -> None:
    assert problems(tmp_path, '[telegram]\nenabled = true\nmode = "webhook"\n') == [
        Problem(
            "bot.toml: [telegram] token",
            "Telegram is enabled without a token",
            "set token, or token_file, or SPEAN_TELEGRAM__TOKEN, or write enabled = false",
        ),
        Problem(
            "bot.toml: [telegram] webhook_secret",
            "a webhook needs a secret",
            "set webhook_secret, or webhook_secret_file, or SPEAN_TELEGRAM__WEBHOOK_SECRET",
        ),
        Problem(
            "bot.toml: [web] public_url",
            "Telegram calls webhooks at an https address only",
            'set public_url to the https address of this server, or write mode = "polling"',
        ),
    ]


def test_a_page_needs_its_number_and_three_secrets(tmp_path: Path) -> None:
    text = '[messenger]\nenabled = true\npage_id = ""\napp_secret = "0123456789abcdef"\n'
    found = problems(tmp_path, text, {"SPEAN_MESSENGER__PAGE_TOKEN": "EAAplanted"})
    assert [(one.where, one.what) for one in found] == [
        ("bot.toml, line 3: [messenger] page_id", "Messenger is enabled without its page id"),
        ("bot.toml: [messenger] verify_token", "Messenger is enabled without its verify token"),
    ]
    assert "SPEAN_MESSENGER__VERIFY_TOKEN" in found[1].cure


def test_a_webhook_of_a_bot_api_of_ones_own_needs_no_public_address() -> None:
    env = {
        "SPEAN_TELEGRAM__ENABLED": "true",
        "SPEAN_TELEGRAM__TOKEN": "7001:planted",
        "SPEAN_TELEGRAM__MODE": "webhook",
        "SPEAN_TELEGRAM__WEBHOOK_SECRET": "s",
        "SPEAN_TELEGRAM__API_BASE": "http://127.0.0.1:9",
    }
    assert load(SAMPLE, env).telegram.mode == "webhook"


def test_an_unreadable_secret_file_and_a_secret_given_twice(tmp_path: Path) -> None:
    text = '[telegram]\ntoken_file = "no/such"\nwebhook_secret = "a"\nwebhook_secret_file = "b"\n'
    assert problems(tmp_path, text) == [
        Problem(
            "bot.toml, line 2: [telegram] token_file",
            "no/such cannot be read (FileNotFoundError)",
            "put the secret alone into no/such, and let Spean's user read it",
        ),
        Problem(
            "bot.toml, line 4: [telegram] webhook_secret_file",
            "webhook_secret is given too",
            "keep one of webhook_secret and webhook_secret_file",
        ),
    ]


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    text = """
[bot]
default_language = "th"
timezone = "Asia/Nowhere"
quiet_hours = "20"
[storage]
url = "postgres://u:p@h/x"
[web]
port = "http"
public_url = "ftp:x"
[telegram]
mode = "pigeon"
[[centre]]
id = "pursat"
province = "15"
[[centre]]
id = "Preah Vihear"
province = 13
answer_within = "soon"
"""
    found = problems(tmp_path, text)
    assert [problem.where.removeprefix("bot.toml, ") for problem in found] == [
        "line 3: [bot] default_language",
        "line 4: [bot] timezone",
        "line 5: [bot] quiet_hours",
        "line 7: [storage] url",
        "line 9: [web] port",
        "line 10: [web] public_url",
        "line 12: [telegram] mode",
        "line 17: [centre] id",
        "line 18: [centre] province",
        "line 19: [centre] answer_within",
    ]
    assert all(problem.cure.startswith("write ") for problem in found)
    assert found[4].cure == "write a port number from 0 to 65535 (0: any free one)"


def test_a_proxy_that_is_no_address_and_a_setting_of_a_later_issue_are_refused(tmp_path: Path) -> None:
    proxies, speed = problems(
        tmp_path, '[web]\ntrusted_proxies = ["10.0.0.0/8", "proxy"]\n[telegram]\nspeed = 25\n'
    )
    assert (proxies.where, proxies.cure) == (
        "bot.toml, line 2: [web] trusted_proxies",
        'write a list of addresses of your own reverse proxies, such as "10.0.0.1" or "10.0.0.0/8"',
    )
    assert (speed.where, speed.what) == ("bot.toml, line 4: [telegram] speed", "unknown key")


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = load(SAMPLE, {})
    elsewhere = settings.kept_in(tmp_path).listening_on(0)
    assert elsewhere.storage.url == f"sqlite:///{tmp_path}/spean.db"
    assert elsewhere.storage.master_key_file == tmp_path / "master.key"
    assert elsewhere.web.port == 0
    assert settings == load(SAMPLE, {})
