"""Constants of the web tests' cast."""

PASSWORD = "Zhaqsy-qupiya-2026"
BIN, OTHER_BIN = "190140999998", "200140999992"
