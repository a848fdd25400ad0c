"""Which engines there are: name → (package, module that shows it is there, where its class is)."""

from importlib import import_module

from benchmarks.ledger_peers.engine import Engine

ENGINES: dict[str, tuple[str, str, str]] = {
    "tanba": ("", "", "ours.Tanba"),
    "pymerkle": ("pymerkle==7.0.0", "pymerkle", "trees.Pymerkle"),
    "AGT chain": ("agent-governance-toolkit-core==5.0.0", "agentmesh.governance.audit", "trees.Agt"),
    "AGT sink": ("agent-governance-toolkit-core==5.0.0", "agentmesh.governance.audit", "trees.AgtSink"),
    "AIR": ("air-blackbox==1.17.0", "air_blackbox.trust.chain", "chains.Air"),
    "Kepil": ("kepil==0.3.3", "kepil.journal", "chains.Kepil"),
}


def engine(name: str) -> type[Engine]:
    """Its class; importable only where the engine is installed."""
    module, _, word = ENGINES[name][2].partition(".")
    found: type[Engine] = getattr(import_module(f"benchmarks.ledger_peers.{module}"), word)
    return found
