"""Notices of the night to a group chat, off unless `chat.toml` names one.

What is told is read from the audit trail, and how far is remembered in a file: nothing is queued
beside the facts, and nothing is lost or told twice when the program is started again.
"""
