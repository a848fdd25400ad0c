"""What is owed to the person in front of a system, and by when: notices, agreements, requests, incidents, risks. Rules and clocks, pure."""
