"""Peers, installed from the package index into an environment of their own, which nothing of ours imports."""

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
def peer_python(package: str = PACKAGE, module: str = "eu_ai_act") -> Path | None:
    """The interpreter that has the peer; None where it cannot be installed. By default eu-ai-act-compliance-kit (Apache-2.0)."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(FOLDER, with_pip=True)
    if not _imports(python, module):
        subprocess.run([python, "-m", "pip", "install", "-q", package], check=False, stderr=subprocess.DEVNULL)
        if not _imports(python, module):
            print(f"   peer {package} is not available: compared with nothing", file=sys.stderr)
            return None
    return python


def _imports(python: Path, module: str) -> bool:
    return subprocess.run([python, "-c", f"import {module}"], check=False, capture_output=True).returncode == 0


def peer_tiers(texts: list[str]) -> list[str] | None:
    """The peer's tier for each description: unacceptable, high_risk, limited or minimal."""
    python = peer_python()
    if python is None:
        return None
    done = subprocess.run([python, "-c", CLASSIFY], input=json.dumps(texts), capture_output=True, text=True, check=True)
    tiers: list[str] = json.loads(done.stdout)
    return tiers
