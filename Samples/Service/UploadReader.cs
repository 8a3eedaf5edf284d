using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Microsoft.AspNetCore.Http;

namespace Kernels.Samples.Service;

/// <summary>Reads the picture that a request brings as its body.</summary>
internal sealed class UploadReader(ServiceOptions options)
{
    /// <summary>Reads and decodes.</summary>
    /// <exception cref="RefusedException">There is no acceptable picture.</exception>
    public async Task<Picture> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        byte[] file = await ReadBytes(request, cancellationToken);
        try
        {
            return PictureCodec.Decode(file, options.MaxPixels);
        }
        catch (PictureException exception)
        {
            throw new RefusedException(exception.Fault switch
            {
                PictureFault.Unknown => StatusCodes.Status415UnsupportedMediaType,
                PictureFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
                _ => StatusCodes.Status422UnprocessableEntity,
            }, exception.Message);
        }
    }

    private async Task<byte[]> ReadBytes(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > options.MaxBytes)
        {
            throw TooLarge();
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.UploadTimeout);
        try
        {
            byte[] file = await ReadUpToLimit(request.Body, timeout.Token);
            return file.Length > 0 ? file : throw new RefusedException(StatusCodes.Status400BadRequest, "The body is empty; it should be the picture's file.");
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge() : new RefusedException(exception.StatusCode, "The upload broke off or is not valid HTTP.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(StatusCodes.Status408RequestTimeout, $"The upload took longer than {options.UploadTimeout.TotalSeconds:N0} seconds.");
        }
    }

    private async Task<byte[]> ReadUpToLimit(Stream body, CancellationToken cancellationToken)
    {
        // It grows as the bytes come, whatever length was declared.
        var file = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (file.Length + read > options.MaxBytes)
                {
                    throw TooLarge();
                }

                file.Write(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return file.ToArray();
    }

    private RefusedException TooLarge() => new(StatusCodes.Status413PayloadTooLarge, $"The file has more than {options.MaxBytes:N0} bytes.");
}
