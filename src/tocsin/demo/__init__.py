"""The story that Tocsin comes from, played on three nodes through their service and HTTP only."""
