"""Who the agent is on a call: the persona schema and its loader."""
