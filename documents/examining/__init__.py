"""Reads a PDF of a stranger: its signatures, its code, and whether it is a known paper.

A program of its own (`python -m documents.examining`), started by `signing.reading`: it
has little memory and time and takes nothing down with it. It knows no Django.
"""
