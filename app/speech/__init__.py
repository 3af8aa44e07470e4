"""Speech-to-text, language models and text-to-speech, one provider a file."""
