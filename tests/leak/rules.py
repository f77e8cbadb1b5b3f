"""The table: which needle may lie in which heap, and the sentence that allows it.

Never allows what no sentence of the issue or of DESIGN.md allows.
"""

from tests.leak.table import Allowed, must

TOLD = "*-name|*-phone|*-story|her-talk|her-chat"
WROTE = "DESIGN 5: what people wrote is sealed; only whoever has the master key opens it"
STAFF = "DESIGN 5: every staff read takes a Scope; sokha is a caseworker of this centre"
RELEASE = "DESIGN 2: the bytes of every script are kept; they are everybody's words, not hers"
ASKED = "the buttons of a question that was asked are everybody's words"
TO_HER = "the platform must know whom we write to, and shows what we write"

SEALED = (
    Allowed("*-name", "opened:answer.value|opened:session.body|opened:inbox.body", WROTE),
    Allowed("*-phone|*-story", "opened:answer.value|opened:session.body|opened:inbox.body", WROTE),
    Allowed("her-talk|her-chat", "opened:answer.value|opened:session.body|opened:inbox.body", WROTE),
    must("her-name|his-name", "opened:answer.value", WROTE),
    must("her-phone|his-phone", "opened:answer.value", WROTE),
    must("her-story|his-story|page-story", "opened:answer.value", WROTE),
    must("her-story|her-chat|her-talk", "opened:inbox.body", WROTE),
    Allowed("her-name|his-name", "opened:outbox.body|sent:buttons", "issue 2: who is writing? (nicknames …)"),
    must("her-flower", "opened:answer.value", WROTE),
    Allowed("her-flower", "opened:session.body", WROTE),
    must("her-flower|her-flower-said", "opened:outbox.body", ASKED),
    must("her-flower|her-flower-said", "cell:release_file.content", RELEASE),
    Allowed("her-flower|her-flower-said", "file:spean.db*|file:copy.db*", RELEASE),
    must("her-voice", "opened:media_chunk.sealed", "DESIGN 5: media are sealed chunks in the store"),
    must("her-transcript", "opened:media.transcript", "issue 1: voice in joins a to-listen list; transcript"),
    must("her-code", "opened:session.body", "issue 2: a 4-picture code if one was set"),
    must("staff-words", "opened:outbox.body", WROTE),
    must("her-id|his-id", "opened:contact_address.external", "DESIGN 5: platform ids are sealed"),
    must("her-broken", "opened:inbox.body", "DESIGN 3: a step that raises parks the raw event"),
    Allowed("her-id|her-profile", "opened:inbox.body", "issue 5: raw updates 7 days"),
    must("complaint", "opened:answer.value", "issue 4: goes past the centre to the safeguarding officer"),
)
OUTSIDE = (
    must("her-id|his-id", "sent:rest", TO_HER),
    must("her-flower|her-flower-said", "sent:buttons", ASKED),
    must("staff-words", "sent:words", "issue 4: they answer with `spean case …`"),
    must("webhook-secret", "sent:rest", "setWebhook gives it to the platform"),
)
SAID = (
    must("her-name|her-phone|her-talk", "printed:show", STAFF),
    must("her-chat|staff-words|her-story", "printed:conversation", STAFF),
    must("her-transcript", "printed:conversation", STAFF),
    Allowed("her-*|staff-words", "printed:show|printed:contact|printed:conversation|printed:export", STAFF),
    must("complaint", "printed:complaint", "issue 4: … to the safeguarding officer"),
    Allowed("her-flower|her-flower-said", "http:page", ASKED),
)
LIVING = (*SEALED, *OUTSIDE, *SAID)


def of_backup() -> tuple[Allowed, ...]:
    """In a backup: what lay sealed in the store (§5: it lives at most `backup_days`)."""
    return tuple(Allowed(one.needles, one.heaps, one.why, must=one.must, within="backup:") for one in SEALED)
