"""Run as a program over a workspace of its own: processes that fire and send alarms are killed at random moments.

    python dying.py ROUNDS SEED

Prints one line of JSON: how many alarms, how many messages, how many arrived.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from typing import Any

from tanba.web import start

start.prepare()

from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from tanba.web.accounts.models import Organisation, User  # noqa: E402
from tanba.web.incidents import acts, sending  # noqa: E402
from tanba.web.incidents.models import Alarm, Attempt, Message, Step  # noqa: E402
from tanba.web.lawtracker.policy import adopt_one  # noqa: E402
from web.incidents.receivers import receiving  # noqa: E402

sending.LEASE = timedelta(seconds=0.2)
EACH = 8


def main(rounds: int, seed: int) -> None:
    organisation = Organisation.objects.create(name={"en": "A"}, bin="190140999998")
    user = User.objects.create_user("bob@tanba.example", name="Bob")
    adopt_one(organisation, "practice/incident-notice", user)
    chance, deaths = random.Random(seed), 0
    with receiving() as receiver:
        Step.objects.create(organisation=organisation, when="late", channel="webhook", to=f"{receiver.address}/hook")
        os.environ["TANBA_WEBHOOK_SECRET"] = "x"
        for _ in range(rounds):
            for _ in range(EACH):
                values: dict[str, Any] = {"what": "x", "severity": "serious", "high_risk": True, "personal_data": False}
                acts.enter(organisation, values | {"aware": timezone.now() - timedelta(hours=25)}, [], user)
            connections.close_all()
            pid = os.fork()
            if not pid:
                round_()
                os._exit(0)
            time.sleep(chance.uniform(0, 0.15))
            os.kill(pid, signal.SIGKILL)
            deaths += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        while Message.objects.filter(state="waiting").exists() or Alarm.objects.filter(fired_at=None).exists():
            round_()
            time.sleep(0.05)
        ids = {json.loads(body)["id"] for _, _, body in receiver.got}
        wanted = {str(message.pk) for message in Message.objects.all()}
        told = {"alarms": Alarm.objects.count(), "arrived": ids == wanted, "deaths": deaths, "messages": len(wanted)}
        again = len(receiver.got) - len(ids)
        tries = Attempt.objects.count()
        print(json.dumps(told | {"again": again, "broken_off": Attempt.objects.filter(outcome="").count(), "tries": tries - len(ids)}))


def round_() -> None:
    now = timezone.now()
    sending.fire(now)
    sending.send(now, lambda work: work())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
