"""Audio without I/O: codec, resampling, conditioning, voice activity, segmentation."""
