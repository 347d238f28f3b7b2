"""The gradient process: attack steps, Grad-CAM and their queue. Only worker-side modules import torch."""
