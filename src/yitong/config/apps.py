"""Joins what must not know each other: the ledger learns where its key is, the runner what to run."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Runs when Django starts, in every process."""

    name = "yitong.config"
    label = "config"

    def ready(self) -> None:
        from yitong.base.duties.api import install_kinds
        from yitong.base.jobs.api import install
        from yitong.base.keys.api import ledger_signer
        from yitong.base.ledger.api import install_signer
        from yitong.base.messages.api import declared as messages
        from yitong.config import wiring
        from yitong.data.catalogue.api import consumers

        install_signer(ledger_signer)
        install_kinds(wiring.duty_kinds())
        messages.install(wiring.message_templates())
        messages.install_pages(wiring.matter_pages())
        consumers.install(wiring.consumer_lists())
        install(schedules=wiring.schedules(), reactions=wiring.reactions())
