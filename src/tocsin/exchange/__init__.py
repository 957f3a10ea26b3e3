"""To other nodes that we need not trust: agreements, sealed envelopes, the states of one warning with one peer."""
