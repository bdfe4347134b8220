"""Outbound: notifications, contact lists, campaigns."""
