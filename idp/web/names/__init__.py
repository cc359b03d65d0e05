"""Thai names of the terms of the rules; English ones are translations of these."""
