"""The peer eu-ai-act-compliance-kit (Apache-2.0), installed from the package index into an environment of its own."""

import json
import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

PACKAGE = "eu-ai-act-compliance-kit==0.1.38"
FOLDER = Path(__file__).parent.parent / ".venv-peer"
CLASSIFY = """
import json, sys
from eu_ai_act.classifier import RiskClassifier
from eu_ai_act.schema import AISystemDescriptor, DataPractice, HumanOversight, UseCase, UseCaseDomain
tiers = []
for text in json.load(sys.stdin):
    system = AISystemDescriptor(
        name="system", version="1", description=text, use_cases=[UseCase(domain=UseCaseDomain.OTHER, description=text)],
        data_practices=[DataPractice(type="other")],
        human_oversight=HumanOversight(oversight_mechanism="other", fallback_procedure="none", review_frequency="other"),
        training_data_source="not described",
    )
    tiers.append(RiskClassifier().classify(system).tier.value)
print(json.dumps(tiers))
"""


@cache
def peer_python() -> Path | None:
    """The peer's interpreter; None where it cannot be installed."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(FOLDER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PACKAGE], check=False, stderr=subprocess.DEVNULL)
    works = subprocess.run([python, "-c", "import eu_ai_act"], check=False, capture_output=True).returncode == 0
    if not works:
        print(f"   peer {PACKAGE} is not available: compared with nothing", file=sys.stderr)
    return python if works else None


def peer_tiers(texts: list[str]) -> list[str] | None:
    """The peer's tier for each description: unacceptable, high_risk, limited or minimal."""
    python = peer_python()
    if python is None:
        return None
    done = subprocess.run([python, "-c", CLASSIFY], input=json.dumps(texts), capture_output=True, text=True, check=True)
    tiers: list[str] = json.loads(done.stdout)
    return tiers
