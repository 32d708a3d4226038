"""NewVoiceMedia (Vonage Contact Center): makes an agent's phone ring."""
